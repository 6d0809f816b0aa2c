-- Deletes a recording's audio: from this moment nobody hears it, and the sweep removes it here and at Twilio; text
-- stays. hold: the reason of the legal hold that forbids it. found is false: no such recording. Again: nothing more
-- happens.
-- in  id uuid, actor text, origin text
-- out found bool, hold text?
-- one
with old as (
    select r.id, r.sid, r.call_id, r.status, call_hold(r.call_id) as hold
      from recordings r
     where r.tenant_id = current_tenant() and r.id = :id
       for no key update
), r as (
    update recordings
       set status = 'erased', status_reason = 'it is being deleted', sealed_key = null, peaks = null
      from old
     where recordings.id = old.id and recordings.tenant_id = current_tenant() and old.status <> 'erased'
       and (old.hold).id is null
    returning recordings.id, recordings.tenant_id, recordings.sid, recordings.call_id, old.status as was
), c as (
    update calls
       set recording_url = null
      from r
     where calls.id = r.call_id
       and not exists (select from recordings o
                        where o.call_id = r.call_id and o.id <> r.id and o.status = 'stored' and o.kind = 'call')
), j as (
    insert into jobs (tenant_id, kind, ref) select r.tenant_id, 'erase', r.id::text from r
    on conflict (ref, kind, tenant_id) do nothing
), a as (
    select audit_add(:actor, 'recording.delete', r.sid, jsonb_build_object('old', r.was), :origin) as seq from r
)
select exists (select from old) as found,
       (select case when old.status <> 'erased' then (old.hold).reason end from old left join a on true) as hold;
