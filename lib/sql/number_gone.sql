-- Twilio has a number no more: it is not the tenant's.
-- in  id uuid, actor text
-- out e164 text?
-- maybe
with n as (
    update numbers
       set released_at = now()
     where tenant_id = current_tenant() and id = :id and released_at is null
    returning tenant_id, e164, twilio_sid
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select tenant_id, 0, left(:actor, 200), 'number.released', e164, jsonb_build_object('sid', twilio_sid), '' from n
)
select e164::text from n;
