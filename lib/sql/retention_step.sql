-- One step of a run, under the lease of its job, which it renews: at most so many rows. word: lost, more, waits, ended.
-- in  run uuid, job uuid, token bigint, lease int, most int
-- out word text
-- one
select retention_step(:run, :job, :token, :lease::integer, :most::integer) as word;
