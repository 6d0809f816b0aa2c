-- The next calls of an export, newest first, each as the API's document; at and after: the last one before.
-- in  filter jsonb, at bigint?, after uuid?, max int
-- out us bigint, id uuid, doc json
-- many
select (extract(epoch from c.created_at) * 1000000)::bigint as us, c.id, call_row_json(c) as doc
  from calls_rows(:filter, :at, :after, :max) as c
 limit :max;
