-- A report by mail as somebody reads it: whole seconds, and cards that fill their rows.
set local role switchhook_owner;

create or replace function seconds_text(r jsonb) returns text language sql immutable parallel safe as $$
    select case when jsonb_typeof(r) = 'number' then round((r #>> '{}')::numeric) || ' s' else '–' end
$$;

create or replace function report_words(r reports, site text) returns json language plpgsql stable as $$
declare
    f jsonb := r.figures -> 'summary';
    c jsonb := f -> 'comparison' -> 'change';
    who text := coalesce((select name from clients where id = r.client_id),
                         (select name from tenants where id = r.tenant_id));
begin
    return json_build_object(
        'subject', format('%s: calls in %s', who, to_char(r.from_date, case r.every when 'week' then '"week" IYYY-"W"IW'
                                                                                     else 'FMMonth YYYY' end)),
        'who', who, 'every', r.every, 'zone', f ->> 'time_zone',
        'period', to_char(r.from_date, 'FMDD Mon') || ' – ' || to_char(r.to_date - 1, 'FMDD Mon YYYY'),
        'href', site || '/app/analytics?from=' || r.from_date || '&to=' || r.to_date
                || coalesce('&client_id=' || r.client_id, ''),
        'empty', (f ->> 'total_calls')::bigint = 0,
        'cards', (select json_agg(json_build_object(
                             'key', k.key, 'name', k.name,
                             'value', case k.kind when 'count' then coalesce(f ->> k.key, '–')
                                                  when 'ratio' then percent(f -> k.key)
                                                  else seconds_text(f -> k.key) end,
                             'change', case when jsonb_typeof(c -> k.key) = 'number'
                                            then case when (c ->> k.key)::numeric > 0 then '+' else '' end
                                                 || percent(c -> k.key) end) order by k.n)
                    from (values (1, 'total_calls', 'Calls', 'count'), (2, 'inbound', 'Inbound', 'count'),
                                 (3, 'answered', 'Answered', 'count'), (4, 'missed', 'Missed', 'count'),
                                 (5, 'answer_rate', 'Answer rate', 'ratio'), (6, 'outbound', 'Outbound', 'count'),
                                 (7, 'first_time', 'New callers', 'count'),
                                 (8, 'repeat', 'Repeat callers', 'count'), (9, 'leads', 'Leads', 'count'),
                                 (10, 'voicemails', 'Voicemails', 'count'),
                                 (11, 'wait_seconds_median', 'Median wait', 'time'),
                                 (12, 'talk_seconds_mean', 'Mean talk', 'time')) as k(n, key, name, kind)),
        'days', (select json_agg(json_build_object('label', d ->> 'label',
                            'short', to_char((d ->> 'label')::date,
                                             case r.every when 'week' then 'Dy FMDD' else 'FMDD' end),
                            'calls', d -> 'total_calls', 'answered', d -> 'answered', 'missed', d -> 'missed')
                            order by d ->> 'label')
                   from jsonb_array_elements(r.figures -> 'timeline' -> 'data') d),
        'hours', (select json_agg(json_build_object('label', to_char((h ->> 'hour')::integer, 'FM00') || ':00',
                             'short', h ->> 'hour', 'calls', h -> 'calls') order by (h ->> 'hour')::integer)
                    from jsonb_array_elements(r.figures -> 'hours' -> 'data') h),
        'campaigns', (select json_agg(json_build_object('name', coalesce(k ->> 'name', 'Without a campaign'),
                                 'calls', k -> 'total_calls', 'answered', k -> 'answered', 'missed', k -> 'missed',
                                 'leads', k -> 'leads') order by (k ->> 'total_calls')::bigint desc, k ->> 'name')
                        from (select k from jsonb_array_elements(r.figures -> 'campaigns' -> 'data') k limit 20) x));
end $$;
