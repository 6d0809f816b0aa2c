-- Gives jobs of the tenant that are dead or parked another chance: all of them, or those of a kind, of a cause
-- ("model:quota", or "quota"), or one. Their recordings wait again.
-- in  kind text?, reason text?, id uuid?, actor text, origin text
-- out doc json
-- one
with j as (
    update jobs
       set state = 'waiting', attempts = 0, due_at = now(), finished_at = null
     where tenant_id = current_tenant() and state in ('dead', 'parked') and (:kind is null or kind = :kind)
       and (:id is null or id = :id) and (:reason is null or :reason in (cause, split_part(cause, ':', 2)))
    returning id, kind, ref
), r as (
    update recordings
       set transcription_status = 'pending', transcription_reason = null
      from j
     where j.kind in ('fetch', 'transcribe') and recordings.tenant_id = current_tenant()
       and recordings.id::text = j.ref and recordings.transcription_status = 'failed'
), n as (
    select count(*) as jobs from j
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'sweep.requeue', coalesce(:id::text, :reason, :kind, 'all'),
           jsonb_build_object('kind', :kind, 'reason', :reason, 'id', :id, 'jobs', n.jobs), left(:origin, 100), ''
      from n
)
select json_build_object('requeued', n.jobs) as doc from n;
