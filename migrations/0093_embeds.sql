-- The phone inside somebody else's pages: who may show it, who tried, and the tickets that log it in.
set local role switchhook_owner;

create table refused_origins (
    tenant_id uuid        not null references tenants,
    origin    text        not null collate "C" check (length(origin) <= 255
                          and origin ~ '^https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$'),
    times     bigint      not null default 1 check (times > 0),
    first_at  timestamptz not null default now(),
    last_at   timestamptz not null default now(),
    primary key (origin, tenant_id)
);
comment on table refused_origins is 'pages that were turned away, 100 a tenant at most, for who may let them in';
call tenant_table('refused_origins');

create table embed_tickets (
    token_hash bytea       primary key check (length(token_hash) = 32),
    tenant_id  uuid        not null references tenants,
    user_id    uuid        not null references users on delete cascade,
    origin     text        not null check (length(origin) <= 255),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
comment on column embed_tickets.token_hash is 'SHA-256 of the ticket''s 256 random bits, which are kept nowhere';
comment on column embed_tickets.origin     is 'of the page that may use it; only the frame it shows knows who shows it';
create index embed_tickets_user on embed_tickets (user_id);
create index embed_tickets_over on embed_tickets (tenant_id, expires_at);
call tenant_table('embed_tickets');

-- Uses up a ticket: asked before a tenant is known.
create function embed_take(hash bytea)
    returns table (user_id uuid, tenant_id uuid, origin text) language sql volatile security definer
    set search_path = pg_catalog, public as $$
    with gone as (
        delete from public.embed_tickets e where e.token_hash = hash
        returning e.user_id, e.tenant_id, e.origin, e.expires_at
    )
    select u.id, u.tenant_id, gone.origin
      from gone
      join public.users u on u.id = gone.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where gone.expires_at > now()
$$;
create policy take_ticket on embed_tickets for delete to switchhook_owner using (true);
create policy find_ticket on embed_tickets for select to switchhook_owner using (true);
revoke execute on function embed_take from public;
grant execute on function embed_take to switchhook_app;
