-- What brought a call: credits over the touchpoints of its caller (M53).
set local role switchhook_owner;

create type touch as (call_id uuid, at timestamptz, source text, campaign_id uuid, number_id uuid);

-- Calls that are attributed, and count for a caller.
create view credited_calls with (security_invoker = true) as
select c.tenant_id, c.id, c.created_at, c.customer_number, c.client_id, c.number_id, c.source, c.campaign_id
  from calls c
 where c.direction = 'inbound' and not c.test and coalesce(c.outcome not in ('blocked', 'refused'), true);

-- What brings somebody to call: a call that came in by a number with a source or a campaign. Visits of a page, were
-- they known, would be further rows.
create view touchpoints with (security_invoker = true) as
select p.tenant_id, p.id, p.created_at, p.customer_number, p.client_id, p.number_id, p.source, p.campaign_id
  from credited_calls p
 where p.source is not null or p.campaign_id is not null;
grant select on credited_calls, touchpoints to switchhook_app;

-- The three touches of which models are made; a call that has none is its own. Of a withheld caller only the call
-- itself is known. Callers of two clients are two callers. since: row level security lets no sum into an index, but a
-- column.
create view call_touches with (security_invoker = true) as
select c.tenant_id, c.id, c.created_at, c.client_id,
       coalesce((select row(p.id, p.created_at, p.source, p.campaign_id, p.number_id)::touch
                   from touchpoints p
                  where p.customer_number = c.customer_number and p.tenant_id = c.tenant_id
                    and p.client_id is not distinct from c.client_id and p.created_at >= w.since
                    and (p.created_at, p.id) < (c.created_at, c.id)
                  order by p.created_at, p.id
                  limit 1),
                row(c.id, c.created_at, c.source, c.campaign_id, c.number_id)::touch) as first_touch,
       case when c.source is not null or c.campaign_id is not null
            then row(c.id, c.created_at, c.source, c.campaign_id, c.number_id)::touch
            else coalesce((select row(p.id, p.created_at, p.source, p.campaign_id, p.number_id)::touch
                             from touchpoints p
                            where p.customer_number = c.customer_number and p.tenant_id = c.tenant_id
                              and p.client_id is not distinct from c.client_id and p.created_at >= w.since
                              and (p.created_at, p.id) < (c.created_at, c.id)
                            order by p.created_at desc, p.id desc
                            limit 1),
                          row(c.id, c.created_at, c.source, c.campaign_id, c.number_id)::touch) end as last_touch,
       coalesce((select row(p.id, p.created_at, p.source, p.campaign_id, p.number_id)::touch
                   from credited_calls p
                  where p.customer_number = c.customer_number and p.tenant_id = c.tenant_id
                    and p.client_id is not distinct from c.client_id
                    and (p.created_at, p.id) < (c.created_at, c.id)
                  order by p.created_at, p.id
                  limit 1),
                row(c.id, c.created_at, c.source, c.campaign_id, c.number_id)::touch) as lead_touch
  from credited_calls c
 cross join lateral (select c.created_at - interval '90 days' as since offset 0) w;
comment on column call_touches.first_touch is 'the earliest touchpoint in the 90 days up to the call';
comment on column call_touches.last_touch  is 'the latest touchpoint in the 90 days up to the call';
comment on column call_touches.lead_touch  is 'the caller''s first call of all those that are kept';
grant select on call_touches to switchhook_app;

-- How a model shares the one credit of a call out over its touches.
create function credit_shares(model text) returns table (touch text, credit numeric) language sql immutable as $$
    select v.touch, v.credit
      from (values ('first', 'first_touch', 1), ('last', 'last_touch', 1), ('lead', 'lead_touch', 1),
                   ('split', 'first_touch', 0.5), ('split', 'lead_touch', 0.5)) as v(model, touch, credit)
     where v.model = credit_shares.model
$$;

-- Of how many calls credits are worked out at once: each looks for the calls of its caller.
create function credits_most() returns integer language sql immutable parallel safe as $$ select 200000 $$;

-- Credits of the calls of a scope, and of what their conversions were worth, by source and campaign. A touch without
-- either counts for its number's source. Callers are looked for by their number, however many calls a planner thinks
-- they have.
create function stat_credits(s stat_scope, model text) returns jsonb language plpgsql stable
    set enable_seqscan = off set enable_bitmapscan = off as $$
declare
    few boolean;
    doc jsonb;
begin
    execute format('select count(*) <= %1$s from (select from credited_calls m where m.tenant_id = current_tenant()
                       and m.created_at >= $1.lo and m.created_at < $1.hi %2$s limit %1$s + 1) m',
                   credits_most(), s.cond) into few using s;
    if not few then
        raise exception 'too many calls for attribution' using errcode = 'check_violation';
    end if;
    execute format($q$
        with m as materialized (
            select m.id, array[%1$s] as touches
              from call_touches m
             where m.tenant_id = current_tenant() and m.created_at >= $1.lo and m.created_at < $1.hi %2$s
        ), credited as materialized (
            select m.id, t.campaign_id, x.credit,
                   coalesce(t.source, n.source, case when t.campaign_id is null then 'direct' end) as source
              from m
             cross join lateral unnest(m.touches) with ordinality as t(call_id, at, source, campaign_id, number_id, n)
              join (select credit, row_number() over (order by touch) as n from credit_shares($2)) x on x.n = t.n
              left join numbers n on n.id = t.number_id and t.source is null and t.campaign_id is null
        ), counted as (
            select source, campaign_id, sum(credit) as credits from credited group by 1, 2
        ), sold as (
            select c.source, c.campaign_id, sum(c.credit) as conversions,
                   money_sum(v.currency, c.credit * v.value) as revenue
              from credited c join conversions v on v.call_id = c.id
             group by 1, 2
        )
        select jsonb_build_object(
                   'calls', (select count(*) from m),
                   'data', coalesce(jsonb_agg(jsonb_build_object(
                       'source', c.source, 'campaign_id', c.campaign_id,
                       'name', (select p.name from campaigns p where p.id = c.campaign_id),
                       'credits', trim_scale(c.credits), 'share', ratio(c.credits, (select count(*) from m)),
                       'conversions', coalesce(trim_scale(v.conversions), 0), 'revenue', coalesce(v.revenue, '{}'))
                       order by c.credits desc, c.source, c.campaign_id), '[]'))
          from counted c
          left join sold v on v.source is not distinct from c.source
                          and v.campaign_id is not distinct from c.campaign_id$q$,
        (select string_agg('m.' || touch, ', ' order by touch) from credit_shares(model)), s.cond)
       into doc using s, model;
    return doc;
end $$;
create function stats_attribution(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s     stat_scope := stat_scope(a);
    p     record     := stat_before(s);
    model text       := coalesce(a ->> 'model', 'last');
begin
    return stat_head(s) || jsonb_build_object('model', model) || stat_credits(s, model)
           || case when (a ->> 'compare')::boolean then jsonb_build_object('comparison',
                   jsonb_build_object('from', p.first, 'to', p.until)
                   || stat_credits(stat_scope(a || jsonb_build_object('from', p.first, 'to', p.until)), model))
              else '{}' end;
end $$;

-- A touch as the API tells it. because: touchpoint; number: it came with nothing, but its number has a source; none.
create function touch_json(t touch) returns jsonb language sql stable as $$
    select jsonb_build_object(
               'call_id', t.call_id, 'at', rfc3339(t.at), 'campaign_id', t.campaign_id,
               'campaign_name', (select p.name from campaigns p where p.id = t.campaign_id),
               'source', coalesce(t.source, n.source, case when t.campaign_id is null then 'direct' end),
               'because', case when t.source is not null or t.campaign_id is not null then 'touchpoint'
                               when n.source is not null then 'number' else 'none' end)
      from (select (select x.source from numbers x
                     where x.id = t.number_id and t.source is null and t.campaign_id is null) as source) n
$$;

-- Why a call is credited to whom: its touchpoints, at most the newest 50, and what each model makes of them. There are
-- no models of a call that is not attributed: outbound, a test, blocked.
create function call_attribution(c calls) returns jsonb language plpgsql stable
    set enable_seqscan = off set enable_bitmapscan = off as $$
declare
    t      call_touches;
    points jsonb;
    models jsonb;
begin
    select x.* into t from call_touches x where x.id = c.id and x.tenant_id = c.tenant_id;
    select coalesce(jsonb_agg(touch_json(row(p.id, p.created_at, p.source, p.campaign_id, p.number_id)::touch)
                              order by p.created_at, p.id), '[]')
      into points
      from (select p.* from touchpoints p
             where p.customer_number = c.customer_number and p.tenant_id = c.tenant_id
               and p.client_id is not distinct from c.client_id
               and p.created_at >= c.created_at - interval '90 days' and (p.created_at, p.id) <= (c.created_at, c.id)
               and t.id is not null
             order by p.created_at desc, p.id desc
             limit 50) p;
    if c.customer_number is null and (c.source is not null or c.campaign_id is not null) and t.id is not null then
        points := jsonb_build_array(touch_json(t.last_touch));
    end if;
    select coalesce(jsonb_agg(jsonb_build_object('model', m.model, 'credits', m.credits) order by m.place), '[]')
      into models
      from (select w.model, w.place,
                   jsonb_agg(touch_json(case k.touch when 'first_touch' then t.first_touch
                                                     when 'last_touch' then t.last_touch else t.lead_touch end)
                             || jsonb_build_object('credit', k.credit) order by k.touch) as credits
              from unnest('{first,last,lead,split}'::text[]) with ordinality as w(model, place)
             cross join lateral credit_shares(w.model) k
             where t.id is not null
             group by 1, 2) m;
    return jsonb_build_object('call_id', c.id, 'days', 90, 'touchpoints', points, 'models', models);
end $$;
