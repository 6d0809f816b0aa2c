-- Every tenant's erasures behind an id, for the file of tombstones. Needs no tenant.
-- in  after uuid?, max int
-- out id uuid, tenant_id uuid, mark text?, contacts text, asked_us bigint
-- many
select id, tenant_id, mark, to_json(contact_ids)::text as contacts,
       (extract(epoch from asked_at) * 1000000)::bigint as asked_us
  from erasures
 where id > coalesce(:after, '00000000-0000-0000-0000-000000000000')
 order by id
 limit :max;
