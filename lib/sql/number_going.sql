-- A number that is due to be given back, asked again because somebody may have got it meanwhile; from now on it is
-- given to nobody. No row: it stays.
-- in  id uuid
-- out e164 text, twilio_sid text?
-- maybe
with old as materialized (
    select n.id, n.e164, n.twilio_sid, n.disabled_at
      from numbers n
     where n.tenant_id = current_tenant() and n.id = :id and n.released_at is null and n.release_asked_at is not null
       and n.cooling_until <= now() and number_holders(n) is null
       for no key update
), n as (
    update numbers
       set disabled_at = now()
      from old
     where numbers.id = old.id and numbers.tenant_id = current_tenant() and old.disabled_at is null
    returning numbers.e164, numbers.twilio_sid
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select current_tenant(), 0, 'sweep', 'number.give_back', n.e164, jsonb_build_object('sid', n.twilio_sid), ''
      from n
)
select e164::text, twilio_sid from old;
