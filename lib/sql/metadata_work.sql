-- How far the tenant's stored metadata have followed its option. ripe: the pass began when every writer had heard of
-- the option, which takes the caches of the pools and the longest request, two minutes at most. may: a pass may begin.
-- No row: there is nothing to do.
-- out place text?, after text?, begun bool, dirty bool, ripe bool, may bool
-- maybe
select place, after, pass_at is not null as begun, dirty,
       coalesce(pass_at >= since + interval '2 minutes', false) as ripe,
       pass_at is null or dirty or now() >= since + interval '2 minutes' as may
  from metadata_sealing
 where tenant_id = current_tenant() and done_at is null;
