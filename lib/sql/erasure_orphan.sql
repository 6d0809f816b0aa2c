-- Empties a delivery of a call that never came, and has its audio deleted.
-- in  erasure uuid, digest uuid
-- none
with e as (
    update webhook_events
       set raw = '', digest = gen_random_uuid()
     where tenant_id = current_tenant() and digest = :digest
    returning call_sid
), r as (
    update recordings
       set status = 'erased', status_reason = 'it is being deleted', peaks = null, sealed_key = null
      from e
     where recordings.tenant_id = current_tenant() and recordings.call_sid = e.call_sid
       and recordings.call_id is null and recordings.status <> 'erased'
    returning recordings.id, recordings.sid
), c as (
    insert into erasure_copies (erasure_id, tenant_id, kind, sid)
    select :erasure, current_tenant(), 'recording', r.sid from r
    on conflict do nothing
)
insert into jobs (tenant_id, kind, ref) select current_tenant(), 'erase', r.id::text from r
on conflict (ref, kind, tenant_id) do nothing;
