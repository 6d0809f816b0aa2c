-- A page of the tenant's contacts whose name holds some text, whose number holds its digits, or whose external_id it
-- is, newest first, as the API's document. What is sealed holds none. token: nothing, in the shape of
-- contacts_search.sql.
-- before_us and before_id: the last of the page before; null: from the newest. next: the cursor of the page that
-- follows, null at the end.
-- in  before_us bigint?, before_id uuid?, max int, count bool, part text, token text?
-- out doc json, next text?
-- one
with page as (
    select c, c.created_at, c.id
      from contacts c
     where c.tenant_id = current_tenant()
       and (strpos(lower(c.name), lower(:part)) > 0 or c.external_id = :part
            or number_holds(c.phone_number, :part))
       and :token is null
       and (:before_us is null
            or (c.created_at, c.id) < ('epoch'::timestamptz + :before_us * interval '1 microsecond', :before_id))
     order by c.created_at desc, c.id desc
     limit :max + 1
), shown as (
    select c, created_at, id from page order by created_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(contact_json(s.c) order by s.created_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count
                         then (select count(*)
                                 from contacts c
                                where c.tenant_id = current_tenant()
                                  and (strpos(lower(c.name), lower(:part)) > 0 or c.external_id = :part
                                       or number_holds(c.phone_number, :part))
                                  and :token is null)
                    end) as doc,
       next.cursor as next
  from next;
