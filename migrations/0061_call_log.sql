-- The call log: what is looked for in it, how people keep a look at it, and what they say of a call.
set local role switchhook_owner;

-- Earlier inbound calls of that number to the same client (to the tenant, if there is none) in the 365 days before.
-- null: withheld, or not inbound. Stops at a thousand.
create function prior_calls(c calls) returns integer language sql stable as $$
    select case when c.direction = 'inbound' and c.customer_number is not null then (
        select count(*)::integer
          from (select
                  from calls p
                 where p.customer_number = c.customer_number and p.tenant_id = c.tenant_id
                   and p.created_at >= c.created_at - interval '365 days'
                   and (p.created_at, p.id) < (c.created_at, c.id)
                   and p.direction = 'inbound' and p.client_id is not distinct from c.client_id
                   and p.outcome is distinct from 'blocked' and not p.test
                 limit 1000) as earlier) end
$$;

-- The base document may have grown elsewhere; what is known of a call beyond it follows behind it.
alter function call_json(calls) rename to call_base_json;
create function call_json(c calls) returns json language sql stable as $$
    select (left(call_base_json(c)::text, -1) || ', ' || substr(json_build_object(
        'kind', c.kind, 'source', c.source, 'wait_seconds', c.wait_seconds, 'ring_seconds', c.ring_seconds,
        'ended_by', c.ended_by, 'voicemail', c.voicemail, 'customer_country', c.customer_country,
        'customer_place', c.customer_place, 'notes', c.notes, 'tags', c.tags, 'disposition', c.disposition,
        'follow_up_at', rfc3339(c.follow_up_at), 'value', c.value::text, 'value_currency', c.value_currency,
        'lead_status', c.lead_status, 'lead_set_by', c.lead_set_by, 'prior_calls', prior_calls(c))::text, 2))::json
$$;
alter function campaign_json(campaigns) rename to campaign_base_json;
create function campaign_json(c campaigns) returns json language sql stable as $$
    select (left(campaign_base_json(c)::text, -1) || ', '
            || substr(json_build_object('source', c.source, 'medium', c.medium)::text, 2))::json
$$;
alter function number_json(numbers) rename to number_base_json;
create function number_json(n numbers) returns json language sql stable as $$
    select (left(number_base_json(n)::text, -1) || ', '
            || substr(json_build_object('source', n.source)::text, 2))::json
$$;

-- Text of transcripts is found by whole words. Under row level security an index of words would not be used, for its
-- operator may tell of rows that a policy hides; so it is asked by a function that names the tenant itself.
create index transcripts_words on transcripts using gin (to_tsvector('simple', left(text, 500000)));
create policy find_words on transcripts for select to switchhook_owner using (true);
create policy find_words on recordings for select to switchhook_owner using (true);
create function transcripts_with(words text) returns setof uuid language sql stable security definer
    set search_path = pg_catalog, public as $$
    select distinct r.call_id
      from public.transcripts t
      join public.recordings r on r.id = t.recording_id
     where to_tsvector('simple', left(t.text, 500000)) @@ plainto_tsquery('simple', words)
       and t.tenant_id = public.current_tenant() and r.call_id is not null
$$;
revoke execute on function transcripts_with from public;
grant execute on function transcripts_with to switchhook_app;

-- What a parameter of the list means. Only these names, and values only as quoted literals, reach a statement.
-- veiled: the condition where name_token, the number's token (lib/veil.h), is given as well.
create function call_filters() returns table (name text, condition text, veiled text) language sql immutable as $$
    values ('client_id',       'c.client_id = %L', null),
           ('user_id',         'c.user_id = %L', null),
           ('number_id',       'c.number_id = %L', null),
           ('campaign_id',     'c.campaign_id = %L', null),
           ('contact_id',      'c.contact_id = %L', null),
           ('direction',       'c.direction = %L', null),
           ('status',          'c.status = %L', null),
           ('outcome',         'c.outcome = %L', null),
           ('missed_reason',   'c.missed_reason = %L', null),
           ('kind',            'c.kind = %L', null),
           ('source',          'c.source = %L', null),
           ('country',         'c.customer_country = %L', null),
           ('customer_number', 'c.customer_number = %L', 'c.customer_number in (%1$L, %2$L)'),
           ('party',           'c.customer_number = %L', 'c.customer_number in (%1$L, %2$L)'),
           ('number',          'c.number_id in (select n.id from numbers n where n.e164 = %L)', null),
           ('tag',             'c.tags <> ''{}'' and %L = any (c.tags)', null),
           ('disposition',     'c.disposition = %L', null),
           ('lead_status',     'c.lead_status = %L', null),
           ('voicemail',       'c.voicemail = %L', null),
           ('test',            'c.test = %L', null),
           ('min_talk',        'c.talk_seconds >= %L::integer', null),
           ('max_talk',        'c.talk_seconds <= %L::integer', null),
           ('from',            'c.created_at >= %L::timestamp at time zone (select safe_zone(t.time_zone) from tenants t
                                                                             where t.id = current_tenant())', null),
           ('to',              'c.created_at < %L::timestamp at time zone (select safe_zone(t.time_zone) from tenants t
                                                                            where t.id = current_tenant())', null),
           ('has_recording',   'exists (select from recordings r where r.call_id = c.id
                                           and r.status in (''completed'', ''stored'')) = %L', null),
           ('text',            'c.id in (select transcripts_with(%L))', null)
$$;

-- A zone that PostgreSQL knows; what it does not know counts as UTC.
create function safe_zone(zone text) returns text language plpgsql stable as $$
begin
    perform now() at time zone zone;
    return coalesce(zone, 'UTC');
exception when invalid_parameter_value then
    return 'UTC';
end $$;

-- A number is one of the tenant's own, else a customer's.
create function calls_where(f jsonb) returns text language sql stable as $$
    select coalesce(string_agg(' and ' || case when a.f ->> (w.name || '_token') is null or w.veiled is null
                                               then format(w.condition, a.f ->> w.name)
                                               else format(w.veiled, a.f ->> w.name, a.f ->> (w.name || '_token')) end,
                               '' order by w.name), '')
      from call_filters() w,
           (select case when not f ? 'number' or exists (select from numbers n where n.e164 = f ->> 'number') then f
                        else (f - 'number') || jsonb_build_object('party', f -> 'number',
                                                                  'party_token', f -> 'number_token') end as f) a
     where a.f ? w.name and jsonb_typeof(a.f -> w.name) <> 'null'
$$;

-- How a list may stand: by what, which way. The number of a cursor is the key as a whole number.
create function calls_order(sort text, out key text, out way text, out number text, out place text)
    language sql immutable as $$
    select case when sort in ('longest', 'shortest') then 'coalesce(c.talk_seconds, 0)' else 'c.created_at' end,
           case when sort in ('oldest', 'shortest') then 'asc' else 'desc' end,
           case when sort in ('longest', 'shortest') then 'coalesce(c.talk_seconds, 0)'
                else '(extract(epoch from c.created_at) * 1000000)::bigint' end,
           case when sort in ('longest', 'shortest') then '%L::bigint'
                else '(''epoch''::timestamptz + %L::bigint * interval ''1 microsecond'')' end
$$;

-- A page of the log as the API's document. The filters are written into the statement, so that it is planned for those
-- that are there: one plan for all of them would read the whole log for a caller who has called once.
create function calls_page(f jsonb, sort text, at bigint, after uuid, max integer, counted boolean,
                           out doc json, out next text) language plpgsql stable as $$
declare
    o     record := calls_order(sort);
    cond  text   := 'c.tenant_id = current_tenant()' || calls_where(f);
    total bigint;
begin
    if counted then
        execute 'select count(*) from calls c where ' || cond into total;
    end if;
    if at is not null then
        cond := cond || format(' and (%s, c.id) %s (%s, %L::uuid)', o.key, case o.way when 'asc' then '>' else '<' end,
                               format(o.place, at), after);
    end if;
    execute format('
        with page as (
            select c, %1$s as number, row_number() over (order by %2$s %3$s, c.id %3$s) as n
              from calls c where %4$s order by %2$s %3$s, c.id %3$s limit %5$s
        )
        select json_build_object(
                   ''data'', coalesce((select json_agg(call_json(p.c) order by p.n)
                                         from page p where p.n < %5$s), ''[]''),
                   ''next_cursor'', cut.cursor, ''total'', %6$L::bigint), cut.cursor
          from (select (select p.number || ''.'' || (p.c).id from page p
                         where p.n = %5$s - 1 and exists (select from page q where q.n = %5$s)) as cursor) cut',
        o.number, o.key, o.way, cond, max + 1, total) into doc, next;
end $$;

-- The next rows of an export, newest first: by key and in parts, so that nothing is held while a slow reader reads.
create function calls_rows(f jsonb, at bigint, after uuid, max integer) returns setof calls language plpgsql stable
    as $$
begin
    return query execute format(
        'select c.* from calls c where c.tenant_id = current_tenant()%s%s
          order by c.created_at desc, c.id desc limit %s',
        calls_where(f),
        case when at is not null
             then format(' and (c.created_at, c.id) < (''epoch''::timestamptz + %L::bigint * interval ''1 microsecond'',
                                                       %L::uuid)', at, after) else '' end, max);
end $$;

-- Looks at the log that people keep; shared ones are everybody's to use, and their owner's or an admin's to change.
create table call_views (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    user_id    uuid,
    name       text        not null check (length(name) between 1 and 100),
    query      text        not null default '' check (length(query) <= 4000),
    columns    jsonb       not null default '[]' check (jsonb_typeof(columns) = 'array'),
    shared     boolean     not null default false,
    created_at timestamptz not null default now(),
    unique (id, tenant_id),
    foreign key (user_id, tenant_id) references users (id, tenant_id) on delete cascade
);
comment on table  call_views         is 'what somebody looks for in the call log, under a name';
comment on column call_views.query   is 'the parameters of GET /api/v1/calls, urlencoded';
comment on column call_views.user_id is 'whose it is; null: made with a key';
create index call_views_newest on call_views (tenant_id, created_at desc, id desc);
call tenant_table('call_views');

create function call_view_json(v call_views) returns json language sql stable as $$
    select json_build_object('id', v.id, 'name', v.name, 'query', v.query, 'columns', v.columns, 'shared', v.shared,
                             'user_id', v.user_id, 'created_at', rfc3339(v.created_at))
$$;

-- Words for what came of a call. A tenant without rows has the usual ones.
create table dispositions (
    tenant_id    uuid    not null references tenants,
    word         text    not null check (length(word) between 1 and 60),
    position     integer not null,
    do_not_call  boolean not null default false,
    asks_time    boolean not null default false,
    lead_status  text    check (lead_status in ('open', 'qualified', 'unqualified', 'spam', 'duplicate')),
    primary key (word, tenant_id)
);
comment on column dispositions.do_not_call is 'choosing it puts the customer''s number on the do-not-call list';
comment on column dispositions.asks_time   is 'it needs a follow_up_at';
call tenant_table('dispositions');

create function dispositions_known() returns setof dispositions language sql stable as $$
    select * from dispositions where tenant_id = current_tenant()
    union all
    select current_tenant(), d.word, d.position, d.word = 'do not call', d.word = 'callback requested', d.status
      from (values ('connected', 1, null), ('voicemail', 2, null), ('no answer', 3, null), ('busy', 4, null),
                   ('wrong number', 5, 'unqualified'), ('interested', 6, 'qualified'), ('not interested', 7,
                   'unqualified'), ('callback requested', 8, null), ('do not call', 9, 'unqualified'))
           as d(word, position, status)
     where not exists (select from dispositions where tenant_id = current_tenant())
$$;

create function dispositions_json() returns json language sql stable as $$
    select json_build_object('dispositions', coalesce(json_agg(json_build_object(
               'word', word, 'do_not_call', do_not_call, 'asks_time', asks_time, 'lead_status', lead_status)
               order by position), '[]'))
      from dispositions_known()
$$;

-- Puts a customer's number, as it is kept with a call (or its token), on the tenant's do-not-call list.
create function do_not_call(wanted text, who text) returns void language sql as $$
    insert into dnc_lists (tenant_id, name) select current_tenant(), 'Do not call' where wanted is not null
    on conflict (tenant_id, name) do nothing;
    insert into dnc_entries (tenant_id, number, list_id, reason, added_by)
    select l.tenant_id, wanted, l.id, 'disposition of a call', left(who, 200)
      from dnc_lists l
     where l.tenant_id = current_tenant() and l.name = 'Do not call' and wanted is not null
    on conflict (tenant_id, number, list_id) do nothing;
$$;

-- Which calls are leads, and of what sort, unless a person has said so. The first rule that fits decides.
create table lead_rules (
    tenant_id        uuid    not null references tenants,
    position         integer not null,
    status           text    not null check (status in ('open', 'qualified', 'unqualified', 'spam', 'duplicate')),
    min_talk_seconds integer check (min_talk_seconds >= 0),
    max_talk_seconds integer check (max_talk_seconds >= 0),
    min_prior_calls  integer check (min_prior_calls >= 0),
    outcome          text    check (length(outcome) <= 40),
    disposition      text    check (length(disposition) <= 60),
    source           text    check (length(source) <= 100),
    country          text    check (length(country) <= 3),
    tag              text    check (length(tag) <= 100),
    primary key (position, tenant_id)
);
comment on column lead_rules.max_talk_seconds is 'less talk than this';
call tenant_table('lead_rules');

create function lead_rule(c calls) returns text language sql stable as $$
    select r.status
      from lead_rules r
     where r.tenant_id = c.tenant_id and c.direction = 'inbound' and c.ended_at is not null
       and (r.min_talk_seconds is null or c.talk_seconds >= r.min_talk_seconds)
       and (r.max_talk_seconds is null or c.talk_seconds < r.max_talk_seconds)
       and (r.outcome is null or c.outcome = r.outcome)
       and (r.disposition is null or c.disposition = r.disposition)
       and (r.source is null or c.source = r.source)
       and (r.country is null or c.customer_country = r.country)
       and (r.tag is null or r.tag = any (c.tags))
       and (r.min_prior_calls is null or prior_calls(c) >= r.min_prior_calls)
     order by r.position
     limit 1
$$;

create function lead_rules_json() returns json language sql stable as $$
    select json_build_object('rules', coalesce(json_agg(json_build_object(
               'status', status, 'min_talk_seconds', min_talk_seconds, 'max_talk_seconds', max_talk_seconds,
               'min_prior_calls', min_prior_calls, 'outcome', outcome, 'disposition', disposition, 'source', source,
               'country', country, 'tag', tag) order by position), '[]'))
      from lead_rules where tenant_id = current_tenant()
$$;

-- Sales and goals. A refund is one of negative value.
create table conversions (
    id          uuid           primary key default uuid7(),
    tenant_id   uuid           not null references tenants,
    call_id     uuid           not null references calls on delete cascade,
    external_id text           check (length(external_id) between 1 and 200),
    name        text           not null default 'sale' check (length(name) between 1 and 100),
    value       numeric(14, 2) not null default 0,
    currency    text           not null check (currency ~ '^[A-Z]{3}$'),
    happened_at timestamptz    not null default now(),
    created_at  timestamptz    not null default now()
);
comment on column conversions.external_id is 'the sender''s own id: the same one again replaces, never adds';
create unique index conversions_once on conversions (external_id, tenant_id) where external_id is not null;
create index conversions_call   on conversions (call_id);
create index conversions_newest on conversions (tenant_id, created_at desc, id desc);
call tenant_table('conversions');
create function conversion_json(c conversions) returns json language sql stable as $$
    select json_build_object('id', c.id, 'call_id', c.call_id, 'external_id', c.external_id, 'name', c.name,
                             'value', c.value::text, 'currency', c.currency, 'happened_at', rfc3339(c.happened_at),
                             'created_at', rfc3339(c.created_at))
$$;

-- What advertising cost, by day and campaign. A month's amount is given as its days.
create table marketing_costs (
    tenant_id   uuid           not null references tenants,
    campaign_id uuid           not null,
    day         date           not null,
    amount      numeric(16, 4) not null check (amount >= 0),
    currency    text           not null check (currency ~ '^[A-Z]{3}$'),
    imported_at timestamptz    not null default now(),
    primary key (campaign_id, day, currency),
    foreign key (campaign_id, tenant_id) references campaigns (id, tenant_id) on delete cascade
);
create index marketing_costs_day on marketing_costs (tenant_id, day);
call tenant_table('marketing_costs');

grant select on conversions, marketing_costs, dispositions, lead_rules to switchhook_reader;
