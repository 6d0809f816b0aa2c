-- What calls cost: one entry for each thing that somebody charged for. Amounts are positive; currencies are never
-- added.
set local role switchhook_owner;

alter table recordings add column price      numeric(12, 5);
alter table recordings add column price_unit text;
comment on column recordings.price is 'Twilio''s, negative; null until Twilio has settled it';

create table cost_entries (
    id          uuid           not null default uuid7(),
    tenant_id   uuid           not null references tenants,
    kind        text           not null check (kind in ('leg', 'recording', 'number', 'transcribe', 'analyse')),
    ref         text           not null collate "C" check (length(ref) between 1 and 100),
    call_id     uuid,
    number_id   uuid,
    client_id   uuid,
    campaign_id uuid,
    amount      numeric(14, 6) not null,
    currency    text           not null check (currency ~ '^[A-Z]{3}$'),
    at          timestamptz    not null,
    noted_at    timestamptz    not null default now(),
    primary key (ref, kind, tenant_id)
);
comment on column cost_entries.ref is 'sid, id of a request to a model, or number and month: what is charged, once';
comment on column cost_entries.at  is 'when the call began, or the month of the rent: it counts there';
create index cost_entries_at   on cost_entries (tenant_id, at) include (kind, client_id, campaign_id, amount, currency);
create index cost_entries_call on cost_entries (call_id) where call_id is not null;
call tenant_table('cost_entries');
revoke delete on cost_entries from switchhook_app;

-- Prices that no reply of Twilio tells. item '*' stands for all that have no row of their own.
create table prices (
    tenant_id uuid           not null references tenants,
    kind      text           not null check (kind in ('number', 'transcribe', 'analyse')),
    item      text           not null check (length(item) between 1 and 100),
    unit      text           not null check (unit in ('month', 'minute', 'request')),
    amount    numeric(14, 6) not null check (amount >= 0),
    currency  text           not null check (currency ~ '^[A-Z]{3}$'),
    primary key (item, kind, tenant_id),
    check ((kind = 'number') = (unit = 'month'))
);
comment on column prices.item is 'a model, or the country of a number';
call tenant_table('prices');

create function prices_json() returns json language sql stable as $$
    select json_build_object('prices', coalesce(json_agg(json_build_object(
               'kind', kind, 'item', item, 'unit', unit, 'amount', amount::text, 'currency', currency)
               order by kind, item), '[]'))
      from prices where tenant_id = current_tenant()
$$;

-- What may be spent in a month, and when somebody was told.
create table budgets (
    id          uuid           primary key default uuid7(),
    tenant_id   uuid           not null references tenants,
    client_id   uuid,
    campaign_id uuid,
    amount      numeric(14, 2) not null check (amount > 0),
    currency    text           not null check (currency ~ '^[A-Z]{3}$'),
    created_at  timestamptz    not null default now(),
    unique (id, tenant_id),
    check (client_id is null or campaign_id is null),
    foreign key (client_id, tenant_id)   references clients   (id, tenant_id) on delete cascade,
    foreign key (campaign_id, tenant_id) references campaigns (id, tenant_id) on delete cascade
);
create index budgets_newest on budgets (tenant_id, created_at desc, id desc);
create table budget_alerts (
    budget_id uuid           not null,
    tenant_id uuid           not null,
    month     date           not null,
    level     integer        not null check (level in (80, 100)),
    spent     numeric(14, 6) not null,
    at        timestamptz    not null default now(),
    primary key (budget_id, month, level),
    foreign key (budget_id, tenant_id) references budgets (id, tenant_id) on delete cascade
);
comment on table budget_alerts is 'once a month and level';
call tenant_table('budgets');
call tenant_table('budget_alerts');
revoke update, delete on budget_alerts from switchhook_app;

create function tenant_month(moment timestamptz) returns timestamp language sql stable as $$
    select date_trunc('month', moment at time zone safe_zone(time_zone)) from tenants where id = current_tenant()
$$;

create function budget_spent(b budgets, month date) returns numeric language sql stable as $$
    select coalesce(sum(e.amount), 0)
      from cost_entries e, tenants t
     where t.id = current_tenant() and e.tenant_id = b.tenant_id and e.currency = b.currency
       and e.at >= month::timestamp at time zone safe_zone(t.time_zone)
       and e.at < (month + interval '1 month') at time zone safe_zone(t.time_zone)
       and (b.client_id is null or e.client_id = b.client_id)
       and (b.campaign_id is null or e.campaign_id = b.campaign_id)
$$;

create function budget_json(b budgets) returns json language sql stable as $$
    select json_build_object(
        'id', b.id, 'client_id', b.client_id, 'campaign_id', b.campaign_id, 'amount', b.amount::text,
        'currency', b.currency, 'spent', trim_scale(budget_spent(b, tenant_month(now())::date))::text,
        'alerts', coalesce((select json_agg(json_build_object('month', a.month, 'level', a.level,
                                                'spent', trim_scale(a.spent)::text, 'at', rfc3339(a.at)) order by a.at)
                              from budget_alerts a where a.budget_id = b.id), '[]'),
        'created_at', rfc3339(b.created_at))
$$;

-- Prices of a call's legs and recordings as Twilio told them: [{"sid", "price", "unit"}]; a price that is null is still
-- to come. Money goes out, so Twilio's amounts are negative and ours are not. True: nothing is missing any more.
create function cost_settle(call uuid, told jsonb) returns boolean language plpgsql as $$
declare
    open boolean;
begin
    update call_legs l set price = (p ->> 'price')::numeric, price_unit = upper(p ->> 'unit')
      from jsonb_array_elements(told) p
     where l.call_id = call and l.sid = p ->> 'sid' and p ->> 'price' is not null;
    update recordings r set price = (p ->> 'price')::numeric, price_unit = upper(p ->> 'unit')
      from jsonb_array_elements(told) p
     where r.call_id = call and r.sid = p ->> 'sid' and p ->> 'price' is not null;
    insert into cost_entries (tenant_id, kind, ref, call_id, number_id, client_id, campaign_id, amount, currency, at)
    select c.tenant_id, x.kind, x.sid, c.id, c.number_id, c.client_id, c.campaign_id, -x.price, x.unit, c.created_at
      from calls c
      join (select 'leg' as kind, sid, call_id, price, price_unit as unit from call_legs where call_id = call
            union all
            select 'recording', sid, call_id, price, price_unit from recordings where call_id = call) as x
           on x.call_id = c.id
     where c.id = call and x.price is not null and x.unit ~ '^[A-Z]{3}$'
    on conflict (tenant_id, kind, ref) do update set amount = excluded.amount, currency = excluded.currency
     where (cost_entries.amount, cost_entries.currency) is distinct from (excluded.amount, excluded.currency);
    select exists (select from call_legs where call_id = call and price is null)
           or exists (select from recordings where call_id = call and price is null
                         and status in ('completed', 'stored', 'processing')) into open;
    update calls c set price = x.sum, price_unit = x.unit
      from (select sum(price) as sum, min(price_unit) as unit from call_legs where call_id = call
            having count(*) = count(price) and min(price_unit) = max(price_unit)) as x
     where c.id = call and c.price is distinct from x.sum;
    return not open;
end $$;

-- What follows from prices of our own list: requests to models, and the month's rent of numbers. Then budgets.
create function cost_accrue() returns integer language plpgsql as $$
declare
    me    uuid := current_tenant();
    month date := tenant_month(now())::date;
    zone  text := (select safe_zone(time_zone) from tenants where id = current_tenant());
    more  integer;
    added integer := 0;
begin
    insert into cost_entries (tenant_id, kind, ref, call_id, number_id, client_id, campaign_id, amount, currency, at)
    select me, a.purpose, a.id::text, c.id, c.number_id, c.client_id, c.campaign_id,
           case p.unit when 'minute' then coalesce(a.seconds, 0) / 60.0 * p.amount else p.amount end, p.currency,
           coalesce(c.created_at, a.created_at)
      from ai_requests a
      join recordings r on r.id = a.recording_id
      left join calls c on c.id = r.call_id
      join lateral (select * from prices p
                     where p.tenant_id = me and p.kind = a.purpose and p.item in (a.model, '*')
                     order by p.item = '*' limit 1) p on true
     where a.tenant_id = me and a.outcome in ('ok', 'sent') and a.created_at > now() - interval '40 days'
    on conflict (tenant_id, kind, ref) do nothing;
    get diagnostics more = row_count;
    added := added + more;
    insert into cost_entries (tenant_id, kind, ref, number_id, client_id, campaign_id, amount, currency, at)
    select me, 'number', x.id || ' ' || to_char(month, 'YYYY-MM'), x.id, x.client_id, x.campaign_id, x.amount,
           x.currency, month::timestamp at time zone zone
      from (select n.id, n.client_id, n.campaign_id,
                   coalesce((to_jsonb(n) ->> 'monthly_price')::numeric, p.amount) as amount,
                   case when to_jsonb(n) ->> 'monthly_price' is null then p.currency
                        else coalesce(to_jsonb(n) ->> 'currency', p.currency) end as currency
              from numbers n
              left join prices p on p.tenant_id = me and p.kind = 'number' and p.item = '*'
             where n.tenant_id = me and (n.released_at is null or n.released_at >= month)) as x
     where x.amount is not null and x.currency is not null
    on conflict (tenant_id, kind, ref) do nothing;
    get diagnostics more = row_count;
    added := added + more;
    insert into budget_alerts (budget_id, tenant_id, month, level, spent)
    select b.id, me, month, level, s.spent
      from budgets b
     cross join lateral (select budget_spent(b, month) as spent) as s
     cross join unnest('{80,100}'::integer[]) as level
     where b.tenant_id = me and s.spent * 100 >= b.amount * level
    on conflict do nothing;
    return added;
end $$;

-- Amounts by currency, as strings: {"USD": "1.25"}; {} over nothing.
create function money_add(a jsonb, currency text, amount numeric) returns jsonb language sql immutable as $$
    select case when currency is null then a
                else a || jsonb_build_object(currency,
                              trim_scale(coalesce((a ->> currency)::numeric, 0) + coalesce(amount, 0))::text) end
$$;
create aggregate money_sum(text, numeric) (sfunc = money_add, stype = jsonb, initcond = '{}');

grant select on cost_entries to switchhook_reader;

-- 'Mon, 05 Jan 2026 09:30:47 +0000' as a moment; null where it is none.
create function twilio_time(said text) returns timestamptz language plpgsql immutable as $$
begin
    return to_timestamp(substr(said, 6, 20), 'DD Mon YYYY HH24:MI:SS')::timestamp at time zone 'UTC';
exception when others then
    return null;
end $$;

-- What happened in a call, in order, and what it cost; and in sentences why it went as it did.
create function call_timeline(c calls) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_object('at', rfc3339(e.at), 'what', e.what, 'sid', e.sid, 'detail', e.detail)
                              order by e.at, e.place, e.sid), '[]')
      from (select l.started_at as at, 1 as place, 'leg.started' as what, l.sid, l.role as detail
              from call_legs l where l.call_id = c.id
            union all
            select l.rang_at, 2, 'leg.rang', l.sid, l.role from call_legs l where l.call_id = c.id
            union all
            select l.answered_at, 3, 'leg.answered', l.sid, l.role from call_legs l where l.call_id = c.id
            union all
            select l.ended_at, 9, 'leg.ended', l.sid, l.role || ' ' || l.status from call_legs l where l.call_id = c.id
            union all
            select w.received_at, 4, 'webhook', nullif(w.call_sid, ''),
                   w.event_type || case when w.said_at is null then ''
                                        else ', ' || round(extract(epoch from greatest(w.received_at - w.said_at,
                                                                                       interval '0')), 1)
                                             || ' s after Twilio''s own time' end
              from (select e.received_at, e.call_sid, e.event_type,
                           twilio_time(form_json(e.raw) ->> 'Timestamp') as said_at
                      from webhook_events e where e.call_id = c.id order by e.received_at limit 200) as w
            union all
            select r.created_at, 5, 'recording', r.sid, r.status || coalesce(': ' || r.status_reason, '')
              from recordings r where r.call_id = c.id
            union all
            select r.stored_at, 6, 'recording.stored', r.sid, null from recordings r where r.call_id = c.id
            union all
            select t.created_at, 7, 'transcript', r.sid, t.model
              from recordings r join transcripts t on t.recording_id = r.id where r.call_id = c.id
            union all
            select a.created_at, 8, 'analysis', r.sid, a.sentiment
              from recordings r join transcripts t on t.recording_id = r.id
              join analyses a on a.transcript_id = t.id where r.call_id = c.id
            union all
            select e.noted_at, 10, 'cost', e.ref, trim_scale(e.amount) || ' ' || e.currency
              from cost_entries e where e.call_id = c.id) as e
     where e.at is not null
$$;

create function call_cost(c calls) returns jsonb language sql stable as $$
    select jsonb_build_object(
        'total', money_sum(e.currency, e.amount),
        'entries', coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'ref', e.ref,
                       'amount', trim_scale(e.amount)::text, 'currency', e.currency, 'noted_at', rfc3339(e.noted_at))
                       order by e.kind, e.ref) filter (where e.ref is not null), '[]'),
        'complete', not exists (select from call_legs l where l.call_id = c.id and l.price is null)
                    and not exists (select from recordings r where r.call_id = c.id and r.price is null
                                       and r.status in ('processing', 'completed', 'stored')))
      from (select) as one
      left join cost_entries e on e.call_id = c.id
$$;

create function call_why(c calls) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(w.why order by w.place), '[]')
      from (values
        (1, case when c.number_id is not null
                 then 'The number ' || (select e164 from numbers where id = c.number_id) || ' decided'
                      || coalesce(': client ' || (select name from clients where id = c.client_id), '')
                      || coalesce(', campaign ' || (select name from campaigns where id = c.campaign_id), '')
                      || coalesce(', source ' || c.source, '') || '.' end),
        (2, case c.outcome
              when 'answered' then 'Answered: a leg to an agent was answered.'
              when 'missed' then 'Missed: no leg to an agent was answered.'
              when 'handled' then 'Handled: the flow ended as it was meant to, without an agent.'
              when 'connected' then 'Connected: the customer''s leg was answered.'
              when 'agent_unreached' then 'The agent was not reached, so the customer was never rung.'
              when 'refused' then 'Refused before anything was dialled' || coalesce(': ' || c.gate_refused, '') || '.'
              when 'failed' then 'Failed: Twilio took no call, or could not connect it.'
              when 'blocked' then 'Blocked by a rule.'
              when 'unknown' then 'Its legs cannot be told yet.'
              else 'The customer''s leg ended as ' || c.outcome || '.' end),
        (3, case c.missed_reason
              when 'abandoned' then 'The caller hung up after ' || coalesce(c.wait_seconds, 0)
                                    || ' seconds, before anybody could be expected to answer.'
              when 'nobody_available' then 'There was nobody to ring: the number forwarded nowhere.'
              when 'failed' then 'Every leg to an agent failed: look at where the number forwards to.'
              when 'no_answer' then 'It rang and nobody took it.'
              when 'out_of_hours' then 'It came outside the hours.'
              when 'rejected' then 'Every agent declined.' end),
        (4, case when c.record then 'Recorded, as the ' || c.record_reason || ' says.'
                 else 'Not recorded, as the ' || c.record_reason || ' says.' end),
        (5, case c.ended_by when 'customer' then 'The customer hung up first.'
                            when 'agent' then 'The agent hung up first.' when 'system' then 'The system ended it.' end),
        (6, case when c.lead_status is not null
                 then 'Lead status ' || c.lead_status || ', said by a ' || coalesce(c.lead_set_by, 'person') || '.'
                 end),
        (7, case when c.test then 'Made with a test key: it counts in no figure.' end)) as w(place, why)
     where w.why is not null
$$;
