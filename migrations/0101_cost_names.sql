-- What was charged, with the names of those it was charged for.
set local role switchhook_owner;

create or replace function stats_costs(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s    stat_scope := stat_scope(a);
    unit text       := coalesce(a ->> 'by', 'kind');
    doc  jsonb;
begin
    execute format($q$
        select jsonb_agg(jsonb_build_object('key', x.key, 'name', %s, 'cost', x.money, 'entries', x.n) order by x.key)
          from (select %s as key, money_sum(m.currency, m.amount) as money, count(*) as n
                  from cost_entries m
                 where m.tenant_id = current_tenant() and m.at >= $1.lo and m.at < $1.hi and %s
                 group by 1) x$q$,
        case unit when 'client' then '(select k.name from clients k where k.id = x.key::uuid)'
                  when 'campaign' then '(select k.name from campaigns k where k.id = x.key::uuid)'
                  when 'number' then '(select k.e164 from numbers k where k.id = x.key::uuid)' else 'null' end,
        case unit when 'client' then 'm.client_id::text' when 'campaign' then 'm.campaign_id::text'
                  when 'number' then 'm.number_id::text'
                  when 'month' then 'to_char(m.at at time zone $1.zone, ''YYYY-MM'')' else 'm.kind' end,
        concat_ws(' and ', 'true', case when a ? 'client_id' then format('m.client_id = %L', a ->> 'client_id') end,
                  case when a ? 'campaign_id' then format('m.campaign_id = %L', a ->> 'campaign_id') end,
                  case when a ? 'number_id' then format('m.number_id = %L', a ->> 'number_id') end))
        into doc using s;
    return stat_head(s) || jsonb_build_object('by', unit, 'data', coalesce(doc, '[]'),
        'cost_complete', not exists (
            select from calls c where c.tenant_id = current_tenant() and c.created_at >= s.lo and c.created_at < s.hi
               and c.ended_at is not null and c.twilio_call_sid is not null and c.price is null));
end $$;
