-- People: sessions that end when nobody uses them, guesses that are slowed down, links that come by mail.
set local role switchhook_owner;

alter table users add column last_login_at timestamptz;
create index users_newest on users (tenant_id, created_at desc, id desc);

alter table sessions add column id      uuid        not null default uuid7();
alter table sessions add column seen_at timestamptz not null default now();
alter table sessions add column agent   text        check (length(agent) <= 200);
alter table sessions add constraint sessions_id unique (id, tenant_id);
comment on column sessions.id      is 'names the session in lists; it opens nothing';
comment on column sessions.seen_at is 'last used, to a minute: after 30 minutes without use the session is over';
comment on column sessions.agent   is 'User-Agent of the login';

-- A session lives 12 hours, and 30 minutes after it was last used.
create function session_alive(s sessions) returns boolean language sql stable as
    $$ select s.expires_at > now() and s.seen_at > now() - interval '30 minutes' $$;

create or replace function session_find(hash bytea)
    returns table (user_id uuid, tenant_id uuid, role text) language sql stable security definer
    set search_path = pg_catalog, public as $$
    select u.id, u.tenant_id, u.role
      from public.sessions s
      join public.users u on u.id = s.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where s.token_hash = hash and public.session_alive(s)
$$;

-- Whose session is this; notes, once a minute, that it is used.
create function session_touch(hash bytea)
    returns table (user_id uuid, tenant_id uuid, role text, session_id uuid) language sql volatile security definer
    set search_path = pg_catalog, public as $$
    with seen as (
        update public.sessions s
           set seen_at = now()
         where s.token_hash = hash and s.seen_at < now() - interval '1 minute' and public.session_alive(s)
    )
    select u.id, u.tenant_id, u.role, s.id
      from public.sessions s
      join public.users u on u.id = s.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where s.token_hash = hash and public.session_alive(s)
$$;
create policy touch_session on sessions for update to switchhook_owner using (true);
revoke execute on function session_touch from public;
grant execute on function session_touch to switchhook_app;

-- Guesses at an account's password. Strangers share one row an account, so that all of them together are slow; a place
-- from which somebody has logged in has a row of its own, so that they cannot keep its owner out. The account need not
-- exist: unknown ones are as slow as known ones.
create table login_attempts (
    account  bytea       not null check (length(account) = 32),
    place    text        not null check (length(place) <= 100),
    failures integer     not null default 0 check (failures >= 0),
    next_at  timestamptz not null default now(),
    last_at  timestamptz not null default now(),
    known_at timestamptz,
    primary key (account, place)
);
comment on table login_attempts is 'no tenant''s data, and nobody''s to read: only login_try() and login_passed() do';
comment on column login_attempts.account  is 'SHA-256 of the e-mail address in lower case';
comment on column login_attempts.place    is 'address of a client that has logged in here before; empty: all others';
comment on column login_attempts.known_at is 'when somebody last logged in from there; it counts for 30 days';
create index login_attempts_last on login_attempts (last_at);

-- Three guesses are free, then 1, 2, 4 and at most 8 seconds lie between two: 80 in ten minutes. 0: this one may be
-- made, and counts; else the seconds to wait. After 15 minutes without a guess the count starts again.
create function login_try(wanted text, address text) returns integer language plpgsql volatile security definer
    set search_path = pg_catalog, public as $$
declare
    who   bytea       := sha256(convert_to(lower(wanted), 'UTF8'));
    moved timestamptz := clock_timestamp();
    spot  text        := '';
    until timestamptz;
begin
    select a.place into spot
      from public.login_attempts a
     where a.account = who and a.place = left(address, 100) and a.known_at > moved - interval '30 days';
    insert into public.login_attempts as a (account, place, failures) values (who, coalesce(spot, ''), 1)
    on conflict (account, place) do update
       set failures = case when a.last_at < clock_timestamp() - interval '15 minutes' then 1
                           else least(a.failures + 1, 30) end,
           last_at  = clock_timestamp(),
           next_at  = clock_timestamp() + case
                          when a.last_at < clock_timestamp() - interval '15 minutes' or a.failures < 3 then interval '0'
                          else least(8, power(2, a.failures - 3)) * interval '1 second' end
     where a.next_at <= clock_timestamp();
    if found then return 0; end if;
    select a.next_at into until from public.login_attempts a where a.account = who and a.place = coalesce(spot, '');
    return greatest(1, ceil(extract(epoch from until - clock_timestamp())))::integer;
end $$;

-- The owner of an account has shown that it is his: what comes from there is counted for itself.
create function login_passed(wanted text, address text) returns void language sql volatile security definer
    set search_path = pg_catalog, public as $$
    insert into public.login_attempts (account, place, known_at)
    select sha256(convert_to(lower(wanted), 'UTF8')), left(address, 100), now() where address <> ''
    on conflict (account, place) do update set failures = 0, next_at = now(), last_at = now(), known_at = now()
$$;
revoke execute on function login_try, login_passed from public;
grant execute on function login_try, login_passed to switchhook_app;

-- Mails that wait to be sent. Nothing in it opens anything: the link is made when the mail goes out.
create table mail_outbox (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    user_id    uuid        not null references users on delete cascade,
    kind       text        not null check (kind in ('invite', 'reset')),
    created_at timestamptz not null default now(),
    sent_at    timestamptz
);
create index mail_outbox_user on mail_outbox (user_id, created_at);

-- Links that set a password, once.
create table mail_links (
    token_hash bytea       primary key check (length(token_hash) = 32),
    tenant_id  uuid        not null references tenants,
    user_id    uuid        not null references users on delete cascade,
    kind       text        not null check (kind in ('invite', 'reset')),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
comment on column mail_links.token_hash is 'SHA-256 of the 256 random bits in the mail, which are kept nowhere';
create index mail_links_user on mail_links (user_id);

-- Whose link is this: asked before a tenant is known.
create function link_find(hash bytea)
    returns table (user_id uuid, tenant_id uuid, email text) language sql stable security definer
    set search_path = pg_catalog, public as $$
    select u.id, u.tenant_id, u.email
      from public.mail_links l
      join public.users u on u.id = l.user_id and u.disabled_at is null
      join public.tenants t on t.id = u.tenant_id and t.disabled_at is null
     where l.token_hash = hash and l.expires_at > now()
$$;

call tenant_table('mail_outbox');
call tenant_table('mail_links');
create policy find_link on mail_links for select to switchhook_owner using (true);
revoke execute on function link_find from public;
grant execute on function link_find to switchhook_app;

-- What is over, of every tenant, goes away.
create function people_forget() returns void language plpgsql volatile security definer
    set search_path = pg_catalog, public as $$
begin
    delete from public.sessions s where not public.session_alive(s);
    delete from public.mail_links where expires_at <= now();
    delete from public.mail_outbox where created_at < now() - interval '30 days';
    delete from public.login_attempts
     where last_at < now() - interval '1 day' and coalesce(known_at, 'epoch') < now() - interval '30 days';
end $$;
create policy forget_session on sessions    for delete to switchhook_owner using (true);
create policy forget_link    on mail_links  for delete to switchhook_owner using (true);
create policy forget_mail    on mail_outbox for delete to switchhook_owner using (true);
create policy forget_read    on mail_outbox for select to switchhook_owner using (true);
revoke execute on function people_forget from public;
grant execute on function people_forget to switchhook_sweep;

-- A user as the API shows him.
create function user_json(u users) returns json language sql stable as $$
    select json_build_object(
        'id', u.id, 'email', u.email, 'name', u.name, 'role', u.role, 'forward_to', u.forward_to,
        'status', case when u.disabled_at is not null then 'disabled'
                       when u.password_hash is null then 'invited' else 'active' end,
        'created_at', rfc3339(u.created_at), 'last_login_at', rfc3339(u.last_login_at))
$$;
