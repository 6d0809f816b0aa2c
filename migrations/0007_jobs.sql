-- Work for the sweep. A job is claimed under a lease and a fencing token; whoever lost the lease writes nothing.
--   waiting --claim--> running --finish--> done
--      ^                  |-- back off, lease over --> waiting
--      |-- requeue -------'-- 8 attempts --> dead     parked: waits for a cure (401, quota), not for time alone
set local role switchhook_owner;

create table jobs (
    id           uuid        primary key default uuid7(),
    tenant_id    uuid        not null,
    kind         text        not null check (kind ~ '^[a-z_]{1,40}$'),
    ref          text        not null check (length(ref) between 1 and 200),
    state        text        not null default 'waiting'
                              check (state in ('waiting', 'running', 'done', 'dead', 'parked')),
    attempts     integer     not null default 0 check (attempts >= 0),
    due_at       timestamptz not null default now(),
    leased_until timestamptz,
    token        bigint      not null default 0,
    reason       text        check (length(reason) <= 500),
    created_at   timestamptz not null default now(),
    finished_at  timestamptz,
    unique (ref, kind, tenant_id)
) with (fillfactor = 80);
comment on column jobs.ref is
    'what the work is about: the id of a recording, transcript or call; one job a kind and ref';
comment on column jobs.token is 'the fence: raised at each claim, and every write of the worker names it';
comment on column jobs.reason is 'why it waits, is parked or dead, in words';
create index jobs_due on jobs (due_at) where state in ('waiting', 'running', 'parked');

create table sweeps (
    host       text        primary key,
    started_at timestamptz not null,
    seen_at    timestamptz not null,
    jobs_done  bigint      not null default 0
);
comment on table sweeps is 'heartbeat of each host''s sweep; no tenant''s data';

call tenant_table('jobs');
call ingest_table('jobs', 'select, insert');
create policy every_tenant_claim on jobs to switchhook_sweep using (true) with check (true);
create policy every_tenant_known on tenants for select to switchhook_sweep using (true);
grant select, insert, update on sweeps to switchhook_sweep;
grant select on sweeps to switchhook_app;
