-- How the queue stands, for the operator, who sees every tenant's: jobs by kind and state with the age of the oldest,
-- when the next is tried, and one reason; alarms that are on; and the sweep of each host with the jobs it ended and
-- when it was last seen. tenant: only that one's; null: all.
-- in  tenant uuid?
-- out kind text, state text, jobs text, age text, next text?, reason text?
-- many
select kind, state, count(*)::text as jobs, to_char(now() - min(created_at), 'DD"d" HH24:MI:SS') as age,
       case when state in ('waiting', 'parked') then rfc3339(min(due_at)) end as next,
       (array_agg(reason order by due_at desc) filter (where reason is not null))[1] as reason
  from jobs
 where :tenant is null or tenant_id = :tenant
 group by kind, state
union all
select 'alarm', cause, sum(n)::text, to_char(now() - min(first_at), 'DD"d" HH24:MI:SS'), null, max(reason)
  from alarms
 where cleared_at is null and (:tenant is null or tenant_id = :tenant)
 group by cause
union all
select 'sweep', host, jobs_done::text, to_char(now() - seen_at, 'DD"d" HH24:MI:SS'), null, null
  from sweeps
 union all
select 'metadata', case when sealing then 'sealing' else 'opening' end, converted::text,
       to_char(now() - since, 'DD"d" HH24:MI:SS'), null,
       concat('tenant ', tenant_id, coalesce(', at ' || place, ''))
  from metadata_sealing
 where done_at is null and (:tenant is null or tenant_id = :tenant)
 order by 1, 2
 limit 1000;
