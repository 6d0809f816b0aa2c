-- Sales and goals of calls: rows of {call_id or call_sid, value, currency, name?, external_id?, happened_at?}. The same
-- external_id again replaces. missing: rows whose call is not known, by their place from 1.
-- in  rows jsonb, actor text, origin text
-- out added int, missing json, doc json?
-- one
with told as (
    select x, n,
           (select c.id from calls c
             where c.tenant_id = current_tenant()
               and (c.id::text = x ->> 'call_id' or x ->> 'call_id' is null and c.twilio_call_sid = x ->> 'call_sid')
             limit 1) as call_id
      from jsonb_array_elements(:rows) with ordinality as e(x, n)
), last as (
    select distinct on (coalesce(x ->> 'external_id', n::text)) x, n, call_id
      from told
     where call_id is not null
     order by coalesce(x ->> 'external_id', n::text), n desc
), was as materialized (
    select count(*) as n, jsonb_agg(conversion_json(c)) as docs
      from conversions c
     where c.tenant_id = current_tenant() and c.external_id in (select x ->> 'external_id' from last)
), made as (
    insert into conversions (tenant_id, call_id, external_id, name, value, currency, happened_at)
    select current_tenant(), call_id, nullif(x ->> 'external_id', ''), coalesce(nullif(x ->> 'name', ''), 'sale'),
           coalesce(nullif(x ->> 'value', ''), '0')::numeric, upper(x ->> 'currency'),
           coalesce(nullif(x ->> 'happened_at', '')::timestamptz, now())
      from last
    on conflict (tenant_id, external_id) where external_id is not null do update
       set call_id = excluded.call_id, name = excluded.name, value = excluded.value, currency = excluded.currency,
           happened_at = excluded.happened_at
    returning conversions.id, conversion_json(conversions) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'conversions.add',
           case when (select count(*) from made) = 1 then (select id::text from made) else 'conversions' end,
           case when (select count(*) from made) = 1
                then jsonb_build_object('old', was.docs -> 0, 'new', (select doc from made))
                else jsonb_build_object('old', jsonb_build_object('rows', was.n),
                                        'new', jsonb_build_object('rows', (select count(*) from made))) end,
           left(:origin, 100), ''
      from was
     where exists (select from made)
)
select (select count(*) from made)::integer as added,
       coalesce((select json_agg(n order by n) from told where call_id is null), '[]') as missing,
       (select doc from made limit 1) as doc;
