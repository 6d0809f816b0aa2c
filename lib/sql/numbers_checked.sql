-- Keeps what a look at Twilio has found: doc is [{"id", "sid", "drift": [...], "vanished", "applied"}]. all: it was a
-- look at all numbers. A number that is seen at Twilio gets its sid; one that has gone is marked and said in the audit.
-- in  doc text, whole bool
-- out drifted int
-- one
with seen as (
    select (e ->> 'id')::uuid as id, e ->> 'sid' as sid, coalesce(e -> 'drift', '[]') as drift,
           coalesce((e ->> 'vanished')::boolean, false) as vanished,
           coalesce((e ->> 'applied')::boolean, false) as applied
      from jsonb_array_elements(:doc::jsonb) as e
), n as (
    update numbers
       set twilio_sid = seen.sid
      from seen
     where numbers.tenant_id = current_tenant() and numbers.id = seen.id and seen.sid is not null
       and numbers.twilio_sid is distinct from seen.sid
    returning numbers.id
), was as (
    select h.number_id from number_health h
     where h.tenant_id = current_tenant() and h.vanished_at is not null
), h as (
    insert into number_health (number_id, tenant_id, checked_at, drift, vanished_at)
    select x.id, x.tenant_id, now(), seen.drift, case when seen.vanished then now() end
      from seen
      join numbers x on x.id = seen.id and x.tenant_id = current_tenant() and x.released_at is null
    on conflict (number_id) do update
       set checked_at = now(), drift = excluded.drift,
           vanished_at = case when excluded.vanished_at is not null
                              then coalesce(number_health.vanished_at, excluded.vanished_at) end,
           apply_at = case when (select applied from seen where seen.id = number_health.number_id) then null
                           else number_health.apply_at end
    returning number_health.number_id, number_health.drift, number_health.vanished_at
), t as (
    update tenants set numbers_checked_at = now() where id = current_tenant() and :whole
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, hash)
    select current_tenant(), 0, 'sweep', 'number.vanished', x.e164, ''
      from h
      join numbers x on x.id = h.number_id
     where h.vanished_at is not null and h.number_id not in (select number_id from was)
)
select count(*) filter (where drift <> '[]' or vanished_at is not null)::integer as drifted from h;
