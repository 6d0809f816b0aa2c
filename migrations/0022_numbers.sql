-- Numbers that are bought, adopted, assigned, watched and given back.
set local role switchhook_owner;

alter table tenants add column number_rent_cap       numeric(12, 2) default 100 check (number_rent_cap >= 0);
alter table tenants add column number_cool_down_days integer not null default 30
                                                     check (number_cool_down_days between 0 and 365);
alter table tenants add column numbers_checked_at    timestamptz;
comment on column tenants.number_rent_cap       is
    'what all numbers together may cost a month, in the account''s currency; null for no limit';
comment on column tenants.number_cool_down_days is
    'how long a number that was given up still answers before Twilio gets it back';
comment on column tenants.numbers_checked_at    is 'when all numbers were last compared with Twilio';

alter table numbers add column pool             text check (length(pool) between 1 and 60);
alter table numbers add column number_type      text
                                                check (number_type in ('local', 'mobile', 'toll-free', 'national'));
alter table numbers add column capabilities     text check (capabilities ~ '^[a-z]*( [a-z]+)*$');
alter table numbers add column monthly_price    numeric(12, 4) check (monthly_price >= 0);
alter table numbers add column currency         text check (currency ~ '^[A-Z]{3}$');
alter table numbers add column bundle_sid       text collate "C" check (bundle_sid ~ '^BU[0-9a-f]{32}$');
alter table numbers add column address_sid      text collate "C" check (address_sid ~ '^AD[0-9a-f]{32}$');
alter table numbers add column disabled_at      timestamptz;
alter table numbers add column cooling_until    timestamptz;
alter table numbers add column release_asked_at timestamptz;
alter table numbers add column fallback_name    text not null collate "C"
                                                default replace(gen_random_uuid()::text, '-', '')
                                                check (fallback_name ~ '^[A-Za-z0-9_-]{22,64}$');
comment on column numbers.pool             is 'numbers that stand in for each other have the same word here';
comment on column numbers.capabilities     is 'voice, sms, mms: what Twilio says it can; null: not known yet';
comment on column numbers.monthly_price    is 'rent at Twilio''s list price when it was bought or adopted';
comment on column numbers.disabled_at      is 'not null: it is given to nobody';
comment on column numbers.cooling_until    is 'nobody''s, but still answered for those who know it';
comment on column numbers.release_asked_at is 'somebody has asked to give it back once it has cooled';
comment on column numbers.fallback_name    is
    'of the document that Twilio fetches when we are away; cannot be guessed, for it holds a phone number';

-- What Twilio has against what we want, as of the last look.
create table number_health (
    number_id   uuid        primary key,
    tenant_id   uuid        not null,
    checked_at  timestamptz,
    drift       jsonb       not null default '[]' check (jsonb_typeof(drift) = 'array'),
    vanished_at timestamptz,
    apply_at    timestamptz,
    foreign key (number_id, tenant_id) references numbers (id, tenant_id) on delete cascade
);
comment on column number_health.drift       is '[{"what", "is", "wanted"}]; empty: as it should be';
comment on column number_health.vanished_at is 'since when the account does not have it any more';
comment on column number_health.apply_at    is 'not null: its URLs are to be set anew';
create index number_health_apply on number_health (tenant_id) where apply_at is not null;

-- Who had a number when.
create table number_assignments (
    id          uuid        primary key default uuid7(),
    tenant_id   uuid        not null,
    number_id   uuid        not null,
    user_id     uuid,
    client_id   uuid,
    campaign_id uuid,
    pool        text,
    forward_to  e164,
    from_at     timestamptz not null default now(),
    to_at       timestamptz,
    foreign key (number_id, tenant_id) references numbers (id, tenant_id) on delete cascade,
    check (to_at >= from_at)
);
create unique index number_assignments_open on number_assignments (number_id, tenant_id) where to_at is null;
create index number_assignments_newest on number_assignments (number_id, from_at desc);
comment on table number_assignments is 'written by triggers, so that every way to assign a number leaves its trace';

-- The promise to buy one number, committed before Twilio is asked. One request may lead to at most one number.
--   looking --> sending --> bought | rejected | failed      (failed: nothing was bought, the same request may try anew)
--                  '------> unknown --> bought | failed     (Twilio's list of the account's numbers tells)
create table number_purchases (
    id            uuid        primary key default uuid7(),
    tenant_id     uuid        not null references tenants,
    state         text        not null default 'looking'
                              check (state in ('looking', 'sending', 'unknown', 'bought', 'rejected', 'failed')),
    e164          e164,
    number_type   text,
    capabilities  text,
    monthly_price numeric(12, 4),
    currency      text,
    bundle_sid    text,
    address_sid   text,
    user_id       uuid,
    client_id     uuid,
    forward_to    e164,
    idem_key      text        check (length(idem_key) between 1 and 255),
    request_hash  bytea       not null check (length(request_hash) = 32),
    fallback_name text        not null collate "C" default replace(gen_random_uuid()::text, '-', ''),
    actor         text        not null,
    number_id     uuid,
    twilio_sid    text,
    twilio_code   integer,
    reason        text        check (length(reason) <= 500),
    created_at    timestamptz not null default now(),
    settled_at    timestamptz,
    check (state in ('looking', 'failed') or e164 is not null),
    check (state <> 'bought' or number_id is not null)
);
create unique index number_purchases_once on number_purchases (tenant_id, idem_key) where idem_key is not null;
create index number_purchases_same on number_purchases (tenant_id, request_hash, created_at desc);
create index number_purchases_open on number_purchases (tenant_id) where state in ('looking', 'sending', 'unknown');

call tenant_table('number_health');
call tenant_table('number_assignments');
call tenant_table('number_purchases');
grant select on number_assignments to switchhook_reader;

create function number_state(n numbers) returns text language sql stable as $$
    select case when n.released_at is not null then 'released'
                when n.disabled_at is not null then 'disabled'
                when n.user_id is not null or n.campaign_id is not null or (n.client_id is not null and n.pool is null)
                     then 'assigned'
                when n.release_asked_at is not null or n.cooling_until > now() then 'cooling'
                else 'available' end
$$;

-- What keeps a number from being given back, in words; null: nothing.
create function number_holders(n numbers) returns text language sql stable as $$
    select string_agg(word, ', ' order by at)
      from (select 1, 'user ' || u.email from users u where u.id = n.user_id
            union all
            select 2, 'caller ID of ' || u.email
              from user_voip_settings s join users u on u.id = s.user_id
             where s.tenant_id = n.tenant_id and s.caller_id_number = n.e164 and s.user_id is distinct from n.user_id
            union all
            select 3, 'client ' || c.name from clients c where c.id = n.client_id
            union all
            select 4, 'campaign ' || c.name from campaigns c where c.id = n.campaign_id
            union all
            select 5, 'pool ' || n.pool where n.pool is not null
            union all
            select 6, 'default number of the tenant'
              from tenants t where t.id = n.tenant_id and t.default_number = n.e164
           ) as held (at, word)
$$;

create or replace function number_json(n numbers) returns json language sql stable as $$
    select json_build_object('id', n.id, 'phone_number', n.e164, 'twilio_sid', n.twilio_sid, 'client_id', n.client_id,
                             'user_id', n.user_id, 'campaign_id', n.campaign_id, 'pool', n.pool,
                             'state', number_state(n), 'disabled', n.disabled_at is not null,
                             'forward_to', n.forward_to,
                             'greeting', n.greeting, 'disclosure_mode', n.disclosure_mode, 'disclosure', n.disclosure,
                             'record', n.record, 'record_mode', n.record_mode, 'mask_caller', n.mask_caller,
                             'ring_timeout_seconds', n.ring_timeout_seconds, 'type', n.number_type,
                             'capabilities', string_to_array(n.capabilities, ' '),
                             'monthly_price', n.monthly_price::text, 'currency', n.currency,
                             'healthy', (select h.drift = '[]' and h.vanished_at is null
                                           from number_health h
                                          where h.number_id = n.id and h.checked_at is not null),
                             'cooling_until', rfc3339(n.cooling_until),
                             'release_asked_at', rfc3339(n.release_asked_at), 'created_at', rfc3339(n.created_at))
$$;

create function number_health_json(n numbers) returns json language sql stable as $$
    select json_build_object('id', n.id, 'phone_number', n.e164,
                             'status', case when h.checked_at is null then 'unchecked'
                                            when h.vanished_at is not null then 'vanished'
                                            when h.drift <> '[]' then 'drift' else 'ok' end,
                             'drift', coalesce(h.drift, '[]'), 'checked_at', rfc3339(h.checked_at),
                             'vanished_at', rfc3339(h.vanished_at), 'apply_asked_at', rfc3339(h.apply_at))
      from (select) as one left join number_health h on h.number_id = n.id
$$;

-- A number that comes serves the user whose settings named it before.
create function number_find_user() returns trigger language plpgsql as $$
begin
    if new.user_id is null then
        select user_id into new.user_id from user_voip_settings
         where tenant_id = new.tenant_id and assigned_phone_number = new.e164 order by user_id limit 1;
    end if;
    return new;
end $$;
create trigger find_user before insert on numbers for each row execute function number_find_user();

create function number_note_assignment() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
       and (new.user_id, new.client_id, new.campaign_id, new.pool, new.forward_to, new.released_at)
           is not distinct from
           (old.user_id, old.client_id, old.campaign_id, old.pool, old.forward_to, old.released_at) then
        return null;
    end if;
    update number_assignments set to_at = greatest(now(), from_at)
     where number_id = new.id and tenant_id = new.tenant_id and to_at is null;
    if new.released_at is null and coalesce(new.user_id, new.client_id, new.campaign_id) is not null
       or new.released_at is null and (new.pool is not null or new.forward_to is not null) then
        insert into number_assignments (tenant_id, number_id, user_id, client_id, campaign_id, pool, forward_to)
        values (new.tenant_id, new.id, new.user_id, new.client_id, new.campaign_id, new.pool, new.forward_to);
    end if;
    return null;
end $$;
create trigger note_assignment after insert or update on numbers
    for each row execute function number_note_assignment();

-- The settings of a user and the number itself say the same, whoever writes the settings.
create function user_voip_settings_number() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.assigned_phone_number is not null
       and (tg_op = 'DELETE' or old.assigned_phone_number is distinct from new.assigned_phone_number) then
        update numbers set user_id = null
         where tenant_id = old.tenant_id and e164 = old.assigned_phone_number and user_id = old.user_id;
    end if;
    if tg_op <> 'DELETE' and new.assigned_phone_number is not null then
        update numbers set user_id = new.user_id, release_asked_at = null, cooling_until = null
         where tenant_id = new.tenant_id and e164 = new.assigned_phone_number and released_at is null
           and disabled_at is null and user_id is distinct from new.user_id;
    end if;
    return null;
end $$;
create trigger say_number after insert or delete or update of assigned_phone_number on user_voip_settings
    for each row execute function user_voip_settings_number();

reset role;
insert into number_assignments (tenant_id, number_id, user_id, client_id, campaign_id, forward_to, from_at)
select n.tenant_id, n.id, n.user_id, n.client_id, n.campaign_id, n.forward_to, n.created_at
  from numbers n
 where n.released_at is null
   and (coalesce(n.user_id, n.client_id, n.campaign_id) is not null or n.forward_to is not null);
