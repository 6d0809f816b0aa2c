// Calls by the thousand, the same ones whenever the same arguments are given: rows in SQL, without webhooks.
// tenant: id. n: how many. from, days: the time over which they are spread. money: with conversions and costs. Every
// figure has calls to count: all outcomes, reasons, withheld and returning callers, tests, calls in progress, leads and
// values.
const call = (i) => `0e000000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`;
export const seed = (
  tenant,
  { n = 1000, from = '2025-01-01', days = 365, callers = 400, clients = 4, ahead = 0, money = true },
) => `
set session_replication_role = replica;
insert into users (id, tenant_id, email, name, role)
select ('0a000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, '${tenant}', 'agent' || i || '@example.com',
       'Agent ' || i, 'agent' from generate_series(1, 5) i on conflict do nothing;
insert into clients (id, tenant_id, name, time_zone)
select ('0b000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, '${tenant}', 'Client ' || i,
       (array['America/New_York', null, 'Australia/Lord_Howe', null])[1 + (i - 1) % 4]
  from generate_series(1, ${clients}) i on conflict do nothing;
insert into campaigns (id, tenant_id, name, source)
select ('0c000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, '${tenant}', 'Campaign ' || i,
       (array['google', 'leaflet', null])[i] from generate_series(1, 3) i on conflict do nothing;
insert into numbers (id, tenant_id, e164, campaign_id, source)
select ('0d000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, '${tenant}', '+44207946' || 1000 + i,
       case when i <= 3 then ('0c000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid end,
       case when i = 4 then 'radio' end from generate_series(1, 6) i on conflict do nothing;
with r as (
    select i + ${ahead} as i, abs(hashint8(i * 7 + 1)) as a, abs(hashint8(i * 7 + 2)) as b,
           abs(hashint8(i * 7 + 3)) as c,
           abs(hashint8(i * 7 + 4)) as d, abs(hashint8(i * 7 + 5)) as e, abs(hashint8(i * 7 + 6)) as f
      from generate_series(1, ${n}) i
), x as (
    select i, a, b, c, d, e, f, case when a % 10 < 7 then 'inbound' else 'outbound' end as direction,
           '${from}'::timestamptz + (i - ${ahead} + (d % 1000) / 1000.0) * interval '${days} days' / ${n + 1} as at,
           1 + b % 6 as number, b % ${clients + 1} as client, c % 6 as agent, d % 4 as campaign, e % 20 = 0 as withheld,
           (array['answered', 'answered', 'answered', 'answered', 'missed', 'missed', 'handled', 'blocked', 'unknown',
                  null])[1 + f % 10] as came,
           (array['connected', 'connected', 'connected', 'busy', 'no-answer', 'failed', 'canceled', 'agent_unreached',
                  'refused', null])[1 + f % 10] as went
      from r
), y as (
    select x.*, case direction when 'inbound' then came else went end as outcome,
           coalesce(case direction when 'inbound' then came else went end in ('answered', 'connected'), false) as spoke,
           c % 240 as talk, e % 60 as wait
      from x
)
insert into calls (id, tenant_id, twilio_call_sid, from_number, to_number, direction, root_role, status,
                   customer_number, withheld, number_id, client_id, user_id, campaign_id, source, outcome,
                   missed_reason, kind, voicemail,
                   duration_seconds, talk_seconds, wait_seconds, ring_seconds, ended_by, customer_country,
                   customer_place, lead_status, tags, disposition, value, value_currency, test, record, created_at,
                   answered_at, ended_at)
select ('0e000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, '${tenant}',
       case when outcome = 'refused' or outcome = 'failed' and a % 2 = 0 then null
            else 'CA' || lpad(to_hex(i), 32, '0') end,
       case direction when 'inbound' then '+441632' || lpad((e % ${callers})::text, 6, '0') else '+442079461001' end,
       case direction when 'inbound' then '+442079461001' else '+441632' || lpad((e % ${callers})::text, 6, '0') end,
       direction, 'customer',
       (case when outcome is null then 'in-progress'
             when outcome in ('busy', 'no-answer', 'failed', 'canceled') then outcome
             else 'completed' end)::call_status,
       case when not withheld then '+441632' || lpad((e % ${callers})::text, 6, '0') end, withheld,
       ('0d000000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid,
       case when client > 0 then ('0b000000-0000-7000-8000-' || lpad(client::text, 12, '0'))::uuid end,
       case when agent > 0 then ('0a000000-0000-7000-8000-' || lpad(agent::text, 12, '0'))::uuid end,
       case when campaign > 0 then ('0c000000-0000-7000-8000-' || lpad(campaign::text, 12, '0'))::uuid end,
       (array['google', 'leaflet', 'radio', null])[1 + b % 4], outcome,
       case when outcome = 'missed' then (array['out_of_hours', 'abandoned', 'nobody_available', 'rejected', 'failed',
                                                'no_answer'])[1 + d % 6] end,
       case when a % 50 = 0 then 'message' else 'conversation' end, coalesce(outcome = 'missed' and c % 3 = 0, false),
       case when outcome is not null then case when spoke then talk + wait when direction = 'inbound' then wait
                                                else 0 end end,
       case when outcome is not null then case when spoke then talk else 0 end end,
       case when outcome is not null and direction = 'inbound' then wait end,
       case when outcome is not null and d % 7 > 0 then d % 30 end,
       case when outcome = 'missed' then null when spoke then (array['customer', 'agent', null])[1 + d % 3] end,
       case when withheld then null else (array['GB', 'US', '001', null])[1 + (e % ${callers}) % 4] end,
       case when withheld then null else (array['London', 'Leeds', null])[1 + (e % ${callers}) % 3] end,
       (array['qualified', 'unqualified', 'spam', 'duplicate', 'open', null, null, null])[1 + f % 8],
       case when c % 9 = 0 then '{vip}'::text[] else '{}' end, case when c % 11 = 0 then 'interested' end,
       case when c % 40 = 0 then 12.5 end, case when c % 40 = 0 then 'GBP' end, a % 97 = 0, b % 2 = 0, at,
       case when spoke then at + wait * interval '1 second' end,
       case when outcome is not null then at + (wait + case when spoke then talk else 0 end) * interval '1 second' end
  from y;
${money ? earned(tenant, n, ahead) : ''}
set session_replication_role = default;
`;

// What those calls brought and cost.
const earned = (tenant, n, ahead) => `
insert into conversions (tenant_id, call_id, external_id, name, value, currency, created_at)
select tenant_id, id, id::text || ' sale', 'sale', (ascii(right(id::text, 1)) - 48) * 10 - 20, 'GBP', created_at
  from calls
 where id between '${call(ahead + 1)}' and '${call(ahead + n)}' and tenant_id = '${tenant}'
   and ascii(right(id::text, 1)) % 7 = 0 and outcome in ('answered', 'connected')
on conflict do nothing;
insert into cost_entries (tenant_id, kind, ref, call_id, number_id, client_id, campaign_id, amount, currency, at)
select tenant_id, 'leg', twilio_call_sid, id, number_id, client_id, campaign_id, 0.0085, 'USD', created_at
  from calls
 where id between '${call(ahead + 1)}' and '${call(ahead + n)}' and tenant_id = '${tenant}'
   and twilio_call_sid is not null
on conflict do nothing;`;
