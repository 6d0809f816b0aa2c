-- What a tenant may do how often: requests a minute, and calls before they cost money.
set local role switchhook_owner;

alter table tenants add column requests_per_minute     integer not null default 1200
                                                       check (requests_per_minute between 1 and 1000000);
alter table tenants add column key_requests_per_minute integer not null default 600
                                                       check (key_requests_per_minute between 1 and 1000000);
alter table tenants add column dial_countries          text    check (dial_countries ~ '^[A-Z]{2}( [A-Z]{2})*$'
                                                                      and length(dial_countries) <= 1000);
alter table tenants add column dial_blocked_prefixes   text    check (length(dial_blocked_prefixes) <= 4000 and
                                                       dial_blocked_prefixes ~ '^\+[0-9]{1,14}( \+[0-9]{1,14})*$');
alter table tenants add column dial_per_second         integer default 10   check (dial_per_second between 0 and 1000);
alter table tenants add column dial_concurrent         integer default 100  check (dial_concurrent between 0 and 10000);
alter table tenants add column dial_minutes_per_day    integer default 6000 check (dial_minutes_per_day >= 0);
alter table tenants add column dial_money_per_day      numeric(12, 2)       check (dial_money_per_day >= 0);
alter table tenants add column dial_stopped_at         timestamptz;
comment on column tenants.key_requests_per_minute is
    'of one API key or one user; requests_per_minute is for all together';
comment on column tenants.dial_countries          is 'ISO 3166-1 codes of the countries that may be called';
comment on column tenants.dial_blocked_prefixes   is 'E.164 prefixes that are not called, besides premium numbers';
comment on column tenants.dial_per_second         is
    'calls placed in one second; this and the next three: null for no limit';
comment on column tenants.dial_concurrent         is 'calls placed that have not ended';
comment on column tenants.dial_minutes_per_day    is 'since midnight in the tenant''s zone, calls that go on included';
comment on column tenants.dial_money_per_day      is
    'sum of the prices that Twilio has settled since then, in the account''s currency';
comment on column tenants.dial_stopped_at         is 'the kill switch: not null, and no call is placed';

-- Where nobody says where calls may go: to the country that the tenant has at that moment. A later change of country,
-- which an admin's key can make, opens no other.
create function tenant_dial_countries() returns trigger language plpgsql as $$
begin
    new.dial_countries := coalesce(new.dial_countries, new.country);
    return new;
end $$;
create trigger fill_dial_countries before insert or update of dial_countries on tenants
    for each row execute function tenant_dial_countries();
reset role;
update tenants set dial_countries = country;
set local role switchhook_owner;
alter table tenants alter column dial_countries set not null;

-- How much a caller of the API has asked for: when the bucket will be full again. A crash may forget it.
create unlogged table rate_buckets (
    tenant_id uuid        not null,
    subject   text        not null collate "C" check (length(subject) <= 60),
    full_at   timestamptz not null,
    primary key (subject, tenant_id)
) with (fillfactor = 50);
comment on table  rate_buckets         is 'one row a key or user, and one with an empty subject for the tenant';
comment on column rate_buckets.full_at is
    'each request moves it on by a minute / limit; a request that would move it past a minute ahead is refused';
call tenant_table('rate_buckets');

alter table calls add column gate_refused text
    check (gate_refused in ('stopped', 'destination', 'premium', 'per_second', 'concurrent', 'minutes', 'money'));
comment on column calls.gate_refused is 'why the gate let no call out; null: it did, or the call came in';
create index calls_outgoing on calls (tenant_id, created_at) where direction = 'outbound';

-- One gate a tenant: what is counted cannot change between the count and the promise.
create function dial_lock() returns boolean language sql volatile as $$
    select pg_advisory_xact_lock(hashtextextended('dial' || current_tenant(), 0)) is not null
$$;

-- May the tenant place a call there? null: yes, else the word for calls.gate_refused. The caller holds dial_lock(), in
-- a statement before: a statement sees what was there when it began.
create function dial_gate(wanted text, region text, premium boolean) returns text language sql stable as $$
    with me as (
        select dial_countries, dial_blocked_prefixes, dial_per_second, dial_concurrent, dial_minutes_per_day,
               dial_money_per_day, dial_stopped_at,
               date_trunc('day', now() at time zone time_zone) at time zone time_zone as day
          from tenants
         where id = current_tenant()
    ), recent as materialized (
        select c.created_at, c.ended_at, c.duration_seconds, c.price
          from calls c, me
         where c.tenant_id = current_tenant() and c.direction = 'outbound' and c.gate_refused is null
           and c.created_at >= least(me.day, now() - interval '4 hours')
    ), used as (
        select count(*) filter (where r.created_at > clock_timestamp() - interval '1 second') as second,
               count(*) filter (where r.ended_at is null and r.created_at > now() - interval '4 hours') as running,
               sum(coalesce(r.duration_seconds,
                            case when r.ended_at is null then extract(epoch from now() - r.created_at) end, 0))
                   filter (where r.created_at >= me.day) as seconds,
               sum(abs(r.price)) filter (where r.created_at >= me.day) as money
          from recent r, me
    )
    select case when me.dial_stopped_at is not null then 'stopped'
                when region <> all (string_to_array(me.dial_countries, ' ')) then 'destination'
                when premium or exists (select from string_to_table(me.dial_blocked_prefixes, ' ') p
                                         where starts_with(wanted, p)) then 'premium'
                when used.second >= me.dial_per_second then 'per_second'
                when used.running >= me.dial_concurrent then 'concurrent'
                when used.seconds >= me.dial_minutes_per_day * 60 then 'minutes'
                when used.money >= me.dial_money_per_day then 'money' end
      from me left join used on true
$$;

-- Adds an entry to the audit of the transaction's tenant; a trigger numbers and chains it.
create function audit_add(who text, did text, what text, more jsonb, whence text) returns bigint
    language sql volatile as $$
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    values (current_tenant(), 0, left(who, 200), did, left(what, 200), coalesce(more, '{}'), left(whence, 100), '')
    returning seq
$$;

-- The first entry of each tenant's chain that is not what was written, or comes after a gap; no row: all chains hold.
-- What was cut off at the end leaves no trace in what is left: compare the last number and hash with what was noted
-- elsewhere.
create function audit_broken() returns table (tenant_id uuid, seq bigint, why text) language sql stable as $$
    select distinct on (x.tenant_id) x.tenant_id, x.seq,
           case when x.seq <> x.before + 1 then 'entries before it are missing' else 'it is not what was written' end
      from (select e.tenant_id, e.seq, e.hash, coalesce(lag(e.seq) over w, 0) as before,
                   audit_hash(coalesce(lag(e.hash) over w, ''::bytea), e) as want
              from audit_entries e
            window w as (partition by e.tenant_id order by e.seq)) x
     where x.hash is distinct from x.want or x.seq <> x.before + 1
     order by x.tenant_id, x.seq
$$;
