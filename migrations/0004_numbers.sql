-- Unique keys lead with what is looked up, not with the tenant: a key that shares its first column with a list's index
-- would leave the planner a choice, and on a new database it chooses wrong.
--
-- What numbers serve: clients, campaigns, users; and the people outside.
set local role switchhook_owner;

create table clients (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null references tenants,
    external_id text        check (length(external_id) between 1 and 200),
    name        text        not null check (length(name) between 1 and 200),
    forward_to  e164,
    time_zone   text        check (length(time_zone) between 1 and 64),
    created_at  timestamptz not null default now(),
    unique (id, tenant_id),
    unique (tenant_id, external_id)
);
comment on column clients.external_id is 'the CRM''s own id, accepted wherever ours is';

create table campaigns (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null references tenants,
    external_id text        check (length(external_id) between 1 and 200),
    name        text        not null check (length(name) between 1 and 200),
    created_at  timestamptz not null default now(),
    unique (id, tenant_id),
    unique (tenant_id, external_id)
);

create table contacts (
    id           uuid        primary key default uuid7(),
    tenant_id    uuid        not null references tenants,
    external_id  text        check (length(external_id) between 1 and 200),
    name         text        not null default '' check (length(name) <= 200),
    phone_number e164,
    created_at   timestamptz not null default now(),
    unique (id, tenant_id),
    unique (tenant_id, external_id)
);
create index contacts_number on contacts (tenant_id, phone_number);

create table numbers (
    id                   uuid        primary key default uuid7(),
    tenant_id            uuid        not null references tenants,
    e164                 e164        not null,
    twilio_sid           text        collate "C" check (twilio_sid ~ '^PN[0-9a-f]{32}$'),
    client_id            uuid,
    user_id              uuid,
    campaign_id          uuid,
    forward_to           e164,
    greeting             text        check (length(greeting) <= 4096),
    disclosure_mode      text        check (disclosure_mode in ('off', 'announce')),
    disclosure           text        check (length(disclosure) <= 4096),
    record               boolean,
    record_mode          text        not null default 'record-from-answer-dual' check (record_mode in (
                             'record-from-answer', 'record-from-ringing',
                             'record-from-answer-dual', 'record-from-ringing-dual')),
    mask_caller          boolean     not null default false,
    ring_timeout_seconds integer     check (ring_timeout_seconds between 5 and 600),
    released_at          timestamptz,
    created_at           timestamptz not null default now(),
    unique (id, tenant_id),
    foreign key (client_id, tenant_id)   references clients   (id, tenant_id),
    foreign key (user_id, tenant_id)     references users     (id, tenant_id),
    foreign key (campaign_id, tenant_id) references campaigns (id, tenant_id),
    check (forward_to <> e164)
);
create unique index numbers_in_use on numbers (e164, tenant_id) where released_at is null;
comment on column numbers.greeting is 'null: the tenant''s greeting; empty: none';
comment on column numbers.record is 'null: as the user or the tenant has it';
comment on column numbers.mask_caller is 'the forwarded phone shows this number instead of the caller''s';

-- Where a call to a number goes and whether it is recorded: number, else its user or client, else the tenant decides.
create view number_routes with (security_invoker = true) as
    select n.tenant_id, n.e164, n.id as number_id, n.client_id, n.campaign_id, u.id as user_id, n.record_mode,
           case when n.mask_caller then n.e164 end as caller_id,
           coalesce(n.ring_timeout_seconds, t.ring_timeout_seconds) as ring_timeout_seconds,
           coalesce(n.greeting, t.greeting) as greeting,
           case when coalesce(n.disclosure_mode, t.disclosure_mode) = 'announce'
                then coalesce(n.disclosure, t.disclosure) end as disclosure,
           coalesce(n.forward_to, cl.forward_to, u.forward_to) as forward_to,
           coalesce(n.record, us.auto_record, t.record) as record,
           case when n.record is not null then 'number' when us.user_id is not null then 'user' else 'tenant' end
               as record_reason
      from numbers n
      join tenants t on t.id = n.tenant_id
      left join lateral (select user_id from user_voip_settings
                          where tenant_id = n.tenant_id and assigned_phone_number = n.e164
                          order by user_id limit 1) s on n.user_id is null
      left join users u on u.id = coalesce(n.user_id, s.user_id) and u.disabled_at is null
      left join user_voip_settings us on us.user_id = u.id
      left join clients cl on cl.id = n.client_id
     where n.released_at is null;
comment on view number_routes is 'disclosure: null where none is announced';

call tenant_table('clients');
call tenant_table('campaigns');
call tenant_table('contacts');
call tenant_table('numbers');
call ingest_table('clients', 'select (id, tenant_id, forward_to)');
call ingest_table('numbers', 'select');
grant select on number_routes to switchhook_app, switchhook_ingest;
grant select on clients, campaigns, contacts, numbers to switchhook_reader;
