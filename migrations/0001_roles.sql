-- Who connects, and as what. The owner owns every table and never logs in; nobody else owns anything, so that row
-- level security binds them all.
--   switchhook_app      api and auth workers: one tenant a transaction
--   switchhook_ingest   hooks workers: the few tables a webhook writes, of every tenant
--   switchhook_sweep    the sweep: claims jobs of every tenant, then works as one tenant
--   switchhook_reader   read-only logins for reports, each bound to one tenant by tenant_readers
do $$
declare
    wanted record;
begin
    for wanted in select * from (values ('switchhook_owner', 'nologin'), ('switchhook_app', 'login'),
                                        ('switchhook_ingest', 'login'), ('switchhook_sweep', 'login'),
                                        ('switchhook_reader', 'nologin')) as r(name, login)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I %s nosuperuser nobypassrls nocreatedb nocreaterole', wanted.name,
                wanted.login);
        end if;
    end loop;
end $$;

-- What a statement may take. A worker's own deadline is shorter; this is the server's own guard.
alter role switchhook_ingest set statement_timeout = '5s';
alter role switchhook_ingest set lock_timeout = '2s';
alter role switchhook_app    set statement_timeout = '25s';
alter role switchhook_app    set lock_timeout = '5s';
alter role switchhook_app    set idle_in_transaction_session_timeout = '30s';
alter role switchhook_ingest set plan_cache_mode = force_generic_plan;
alter role switchhook_app    set plan_cache_mode = force_generic_plan;
alter role switchhook_sweep  set plan_cache_mode = force_generic_plan;

-- What webhooks ask are look-ups by key however large the tables are; the one plan of a statement is made when they may
-- still be empty, and must be the right one for ten million calls.
alter role switchhook_ingest set enable_seqscan = off;
alter role switchhook_ingest set enable_hashjoin = off;
alter role switchhook_ingest set enable_mergejoin = off;
alter role switchhook_ingest set jit = off;
alter role switchhook_app    set jit = off;
alter role switchhook_sweep  set jit = off;

grant switchhook_app to switchhook_sweep;
grant switchhook_owner to current_user;
grant usage, create on schema public to switchhook_owner;
grant usage on schema public to switchhook_app, switchhook_ingest, switchhook_reader;
