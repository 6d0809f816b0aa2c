-- What pages show of a call beside its numbers: the names of those it concerns and how it went; missed calls that
-- nobody has returned; and action items that have been done.
set local role switchhook_owner;

create function call_row_json(c calls) returns json language sql stable as $$
    select (left(call_json(c)::text, -1) || ', ' || substr(json_build_object(
        'contact_name', (select nullif(x.name, '') from contacts x
                          where x.id = coalesce(c.contact_id, contact_of(c.tenant_id, c.customer_number))),
        'client_name', (select x.name from clients x where x.id = c.client_id),
        'campaign_name', (select x.name from campaigns x where x.id = c.campaign_id),
        'user_name', (select coalesce(nullif(x.name, ''), x.email) from users x where x.id = c.user_id),
        'sentiment', (select a.sentiment
                        from recordings r
                        join transcripts t on t.recording_id = r.id
                        join analyses a on a.transcript_id = t.id
                       where r.call_id = c.id
                       order by t.version desc, a.version desc limit 1))::text, 2))::json
$$;

-- unreturned: somebody called, nobody answered, and nobody has talked to that number since.
create or replace function call_filters() returns table (name text, condition text, veiled text)
    language sql immutable as $$
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
           ('unreturned',      '(c.outcome = ''missed'' and c.customer_number is not null and not exists (
                                    select from calls l where l.customer_number = c.customer_number
                                       and l.tenant_id = c.tenant_id and l.created_at > c.created_at
                                       and l.outcome in (''answered'', ''connected''))) = %L', null),
           ('text',            'c.id in (select transcripts_with(%L))', null)
$$;

-- A page of the log as the API's document. The filters are written into the statement, so that it is planned for those
-- that are there: one plan for all of them would read the whole log for a caller who has called once.
create or replace function calls_page(f jsonb, sort text, at bigint, after uuid, max integer, counted boolean,
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
                   ''data'', coalesce((select json_agg(call_row_json(p.c) order by p.n)
                                         from page p where p.n < %5$s), ''[]''),
                   ''next_cursor'', cut.cursor, ''total'', %6$L::bigint), cut.cursor
          from (select (select p.number || ''.'' || (p.c).id from page p
                         where p.n = %5$s - 1 and exists (select from page q where q.n = %5$s)) as cursor) cut',
        o.number, o.key, o.way, cond, max + 1, total) into doc, next;
end $$;

-- Action items are what a model read; who has done one stands beside it.
create table action_ticks (
    tenant_id   uuid        not null,
    analysis_id uuid        not null references analyses on delete cascade,
    item        integer     not null check (item between 0 and 99),
    done_by     text        not null check (length(done_by) <= 200),
    done_at     timestamptz not null default now(),
    primary key (analysis_id, item)
);
comment on column action_ticks.item is 'place in analyses.action_items, from 0';
call tenant_table('action_ticks');

create function tick_json(k action_ticks) returns json language sql stable as $$
    select json_build_object('item', k.item,
                             'by', coalesce((select coalesce(nullif(u.name, ''), u.email) from users u
                                              where 'user:' || u.id = k.done_by), k.done_by),
                             'at', rfc3339(k.done_at))
$$;
create function action_ticks_json(analysis uuid) returns json language sql stable as $$
    select coalesce(json_agg(tick_json(k) order by k.item), '[]') from action_ticks k where k.analysis_id = analysis
$$;

-- A version of a recording's text, as the API's document.
create or replace function transcript_json(t transcripts) returns json language sql stable as $$
    select json_build_object(
        'id', t.id, 'recording_id', t.recording_id, 'version', t.version, 'model', t.model, 'language', t.language,
        'text', t.text, 'segments', t.segments, 'cost', trim_scale(t.cost)::text, 'currency', t.currency,
        'asked_by', t.asked_by, 'created_at', rfc3339(t.created_at),
        'analysis', (select json_build_object(
                                'id', a.id, 'version', a.version, 'model', a.model, 'sentiment', a.sentiment,
                                'sentiment_score', a.sentiment_score, 'summary', a.summary,
                                'action_items', a.action_items, 'done', action_ticks_json(a.id), 'topics', a.topics,
                                'created_at', rfc3339(a.created_at))
                       from analyses a where a.transcript_id = t.id order by a.version desc limit 1))
$$;
