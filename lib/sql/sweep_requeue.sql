-- Gives jobs that are dead or parked another chance, for the operator, who sees every tenant's: all of them, or those
-- of a kind, of a cause ("model:quota", or "quota"), of a tenant, or one. Their recordings wait again.
-- in  kind text?, id uuid?, reason text?, tenant uuid?
-- out jobs bigint
-- one
with j as (
    update jobs
       set state = 'waiting', attempts = 0, due_at = now(), finished_at = null
     where state in ('dead', 'parked') and (:kind is null or kind = :kind) and (:id is null or id = :id)
       and (:reason is null or :reason in (cause, split_part(cause, ':', 2)))
       and (:tenant is null or tenant_id = :tenant)
    returning id, tenant_id, kind, ref
), r as (
    update recordings
       set transcription_status = 'pending', transcription_reason = null
      from j
     where j.kind in ('fetch', 'transcribe') and recordings.tenant_id = j.tenant_id and recordings.id::text = j.ref
       and recordings.transcription_status = 'failed'
)
select count(*) as jobs from j;
