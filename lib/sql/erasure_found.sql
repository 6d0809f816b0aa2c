-- Ends the search for an erasure's number. subject: it was found, sealed. The job goes to work, again if need be, where
-- there is something to erase, or where it has never come to its end.
-- in  id uuid, subject text?
-- out again bool
-- one
with old as (
    select e.id, e.done_at, :subject is not null
                            or exists (select from contacts c where c.tenant_id = e.tenant_id
                                                                and c.id = any (e.contact_ids)) as found
      from erasures e
     where e.tenant_id = current_tenant() and e.id = :id
       for no key update
), e as (
    update erasures x
       set seek = false,
           subject = case when old.done_at is null or old.found then coalesce(:subject, x.subject) end,
           done_at = case when not old.found then x.done_at end,
           again_at = case when old.found then now() else x.again_at end
      from old
     where x.id = old.id and x.tenant_id = current_tenant()
    returning x.id, x.tenant_id, x.done_at is null as open
), j as (
    insert into jobs (tenant_id, kind, ref) select e.tenant_id, 'forget', e.id::text from e where e.open
    on conflict (ref, kind, tenant_id) do update
       set state = 'waiting', attempts = 0, due_at = now(), finished_at = null, reason = null, cause = null
     where jobs.state in ('done', 'dead', 'parked')
)
select coalesce((select found from old), false) as again;
