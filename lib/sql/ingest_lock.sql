-- Takes the calls of a batch until it commits, in one order everywhere: two processes never decide about one call at
-- once, and the statements behind this one see all that others committed.
-- in  tenant_id uuid, root_sid text
-- batch
select
  from (select distinct hashtextextended(root_sid, hashtext(tenant_id::text)) as key
          from :rows order by key offset 0) as k
 where pg_advisory_xact_lock(key) is not null;
