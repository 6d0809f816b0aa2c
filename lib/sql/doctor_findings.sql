-- What is wrong with the tenant's set-up as far as the database knows: a row a check that found something, with how
-- many and up to ten sentences. A check without a row is well. Looks at the last two days of calls, not further.
-- out id text, bad bool, n bigint, items text
-- many
with found (id, bad, item) as (
    select 'C2', true, 'no Twilio account is stored'
     where not exists (select from twilio_configurations t where t.tenant_id = current_tenant())
    union all
    select 'T3', false, 'no API key of Twilio is stored'
      from twilio_configurations t where t.tenant_id = current_tenant() and t.api_key_sid is null
    union all
    select 'T4', false, 'no TwiML App is stored'
      from twilio_configurations t where t.tenant_id = current_tenant() and t.twiml_app_sid is null
    union all
    select 'T1', true, concat_ws(': ', a.reason, 'since ' || rfc3339(a.first_at))
      from alarms a where a.tenant_id = current_tenant() and a.cleared_at is null and a.cause like 'twilio:%'
    union all
    select 'X1', true, concat_ws(': ', a.reason, 'since ' || rfc3339(a.first_at))
      from alarms a where a.tenant_id = current_tenant() and a.cleared_at is null and a.cause like 'model:%'
    union all
    select 'M1', true, concat_ws(': ', a.reason, 'since ' || rfc3339(a.first_at))
      from alarms a where a.tenant_id = current_tenant() and a.cleared_at is null and a.cause like 'mail:%'
    union all
    select 'T5', false, 'there is no number'
     where not exists (select from numbers n where n.tenant_id = current_tenant() and n.released_at is null)
    union all
    select 'T6', true, concat(n.e164, ' ', replace(d ->> 'what', '_', ' '), ' is ', coalesce(d ->> 'is', 'empty'))
      from numbers n
      join number_health h on h.number_id = n.id and h.vanished_at is null
      cross join lateral jsonb_array_elements(h.drift) d
     where n.tenant_id = current_tenant() and n.released_at is null
    union all
    select 'T7', true, n.e164 || ' is not in the Twilio account any more'
      from numbers n join number_health h on h.number_id = n.id and h.vanished_at is not null
     where n.tenant_id = current_tenant() and n.released_at is null
    union all
    select 'U1', false, u.email || ' has no number to call with'
      from users u
      left join user_voip_settings s on s.user_id = u.id
     where u.tenant_id = current_tenant() and u.role = 'agent' and u.disabled_at is null
       and coalesce(s.caller_id_number, s.assigned_phone_number) is null
       and not exists (select from numbers n
                        where n.tenant_id = u.tenant_id and n.user_id = u.id and n.released_at is null)
       and not exists (select from tenants t where t.id = u.tenant_id and t.default_number is not null)
    union all
    select 'U2', true, u.email || ' has ' || s.number || ', which is not a number of ours'
      from users u
      join user_voip_settings v on v.user_id = u.id
      cross join lateral (values (v.assigned_phone_number), (v.caller_id_number)) s (number)
     where u.tenant_id = current_tenant() and u.disabled_at is null and s.number is not null
       and not exists (select from numbers n
                        where n.tenant_id = u.tenant_id and n.e164 = s.number and n.released_at is null)
    union all
    select 'U3', true, case when r.forward_to is null then r.e164 || ' rings nowhere'
                            else r.e164 || ' is forwarded to ' || r.forward_to || ', a number of ours' end
      from number_routes r
      left join users u on u.id = r.user_id
     where r.tenant_id = current_tenant()
       and (r.forward_to is null and (u.id is null or u.rings = 'phone')
            or exists (select from numbers n
                        where n.tenant_id = r.tenant_id and n.e164 = r.forward_to and n.released_at is null))
    union all
    select 'U4', false, c.name || ' has no number'
      from clients c
     where c.tenant_id = current_tenant()
       and not exists (select from numbers n
                        where n.tenant_id = c.tenant_id and n.client_id = c.id and n.released_at is null)
    union all
    select 'W5', false, concat('the call ', c.twilio_call_sid, ' of ', rfc3339(c.created_at), ' never ended')
      from calls c
     where c.tenant_id = current_tenant() and c.ended_at is null
       and c.created_at between now() - interval '2 days' and now() - interval '5 hours'
    union all
    select 'R2', true, concat('the call ', c.twilio_call_sid, ' of ', rfc3339(c.created_at), ' has no recording')
      from calls c
     where c.tenant_id = current_tenant() and c.record and c.talk_seconds > 0
       and c.created_at > now() - interval '2 days' and c.ended_at < now() - interval '15 minutes'
       and not exists (select from recordings r where r.tenant_id = c.tenant_id and r.call_id = c.id)
    union all
    select 'R5', false, 'calls are recorded, and nobody is told'
      from tenants t where t.id = current_tenant() and t.record and t.disclosure_mode = 'off'
    union all
    select 'R5', false, n.e164 || ' is recorded, and callers are not told'
      from numbers n join tenants t on t.id = n.tenant_id
     where n.tenant_id = current_tenant() and n.released_at is null and n.disclosure_mode = 'off'
       and t.disclosure_mode <> 'off' and coalesce(n.record, t.record)
    union all
    select 'X2', true, 'no sweep has run in the last 5 minutes'
     where not exists (select from sweeps s where s.seen_at > now() - interval '5 minutes')
    union all
    select 'X3', false, concat(count(*), ' of ', j.kind, coalesce(': ' || j.reason, ''))
      from jobs j
     where j.tenant_id = current_tenant() and j.state in ('waiting', 'parked')
       and j.created_at < now() - interval '15 minutes' and (j.attempts > 0 or j.due_at < now() - interval '15 minutes')
     group by j.kind, j.reason
    union all
    select 'X4', true, concat(count(*), ' of ', j.kind, coalesce(': ' || j.reason, ''))
      from jobs j
     where j.tenant_id = current_tenant() and j.state = 'dead' and j.created_at > now() - interval '30 days'
     group by j.kind, j.reason
    union all
    select 'O1', true, concat_ws(': ', split_part(e.url, '?', 1), e.disabled_reason)
      from webhook_endpoints e where e.tenant_id = current_tenant() and not e.enabled
    union all
    select 'D3', true, c.relname || ' lets rows of other tenants be seen'
      from pg_class c
     where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
       and not (c.relrowsecurity and c.relforcerowsecurity)
       and exists (select from pg_attribute a
                    where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
), counted as (
    select id, bad, item, row_number() over (partition by id order by item) as i, count(*) over (partition by id) as n
      from found
)
select id, bool_or(bad) as bad, max(n) as n, json_agg(left(item, 300) order by i)::text as items
  from counted
 where i <= 10
 group by id
 order by id
 limit 100;
