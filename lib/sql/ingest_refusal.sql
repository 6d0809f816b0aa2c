-- How many requests for a tenant's account were refused lately, and why; in one order everywhere.
-- in  tenant_id uuid, reason text, n bigint
-- batch
insert into webhook_refusals (tenant_id, at, reason, n)
select e.tenant_id, date_bin('15 minutes', now(), '2000-01-01 00:00:00+00'), e.reason, e.n
  from :rows
 order by e.reason, e.tenant_id
on conflict (at, reason, tenant_id) do update set n = webhook_refusals.n + excluded.n;
