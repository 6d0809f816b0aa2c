-- Has the server read those files again.
-- out done bool
-- one
select pg_reload_conf() as done;
