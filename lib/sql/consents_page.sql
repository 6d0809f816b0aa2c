-- A page of the tenant's consent_records, newest first, as the API's document; filters that are null let all pass.
-- token: what stands for the number where it is sealed, marks: where it was erased. before_us and before_id: the last
-- of the page before; null: from the newest. next: the cursor of the page that follows, null at the end.
-- in  before_us bigint?, before_id uuid?, max int, count bool, number text?, token text?, client_id uuid?
-- in  call_id uuid?, purpose text?, decision text?, marks text?
-- out doc json, next text?
-- one
with page as (
    select c, c.created_at, c.id
      from consent_records c
     where c.tenant_id = current_tenant()
       and (:number is null or c.number = any (array[:number, :token] || string_to_array(:marks, ' ')))
       and (:client_id is null or c.client_id = :client_id)
       and (:call_id is null or c.call_id = :call_id) and (:purpose is null or c.purpose = :purpose)
       and (:decision is null or c.decision = :decision)
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
           'data', coalesce((select json_agg(consent_json(s.c) order by s.created_at desc, s.id desc)
                               from shown s), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count
                         then (select count(*) from consent_records c
                                where c.tenant_id = current_tenant()
                                  and (:number is null or c.number = any (array[:number, :token]
                                                                          || string_to_array(:marks, ' ')))
                                  and (:client_id is null or c.client_id = :client_id)
                                  and (:call_id is null or c.call_id = :call_id)
                                  and (:purpose is null or c.purpose = :purpose)
                                  and (:decision is null or c.decision = :decision)) end) as doc,
       next.cursor as next
  from next;
