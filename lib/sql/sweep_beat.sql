-- The sweep of this host lives; done is how many jobs it ended since its last beat.
-- in  host text, began bool, done int
-- none
insert into sweeps (host, started_at, seen_at, jobs_done) values (:host, now(), now(), :done)
on conflict (host) do update
   set started_at = case when :began then now() else sweeps.started_at end,
       seen_at = now(), jobs_done = sweeps.jobs_done + :done;
