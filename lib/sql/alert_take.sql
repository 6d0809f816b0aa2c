-- An alert that is due, with all others that wait for the same target: one message tells them. They are marked as being
-- sent, and the lease is renewed. again: it was marked before, so that nobody knows whether it was sent. our_number:
-- what an SMS comes from. No row: another message tells it, it has ended, or the lease was lost.
-- in  job uuid, token bigint, alert uuid, site text
-- out channel text, target text, again bool, tenant text, our_number text?, words json
-- maybe
with j as (
    update jobs set leased_until = now() + interval '120 seconds'
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), a as (
    select a.*, t.name as tenant, t.default_number,
           coalesce(r.time_zone, k.time_zone, t.time_zone) as zone
      from j
      join alerts a on a.tenant_id = j.tenant_id and a.id = :alert
                   and (a.state = 'waiting' or a.state = 'sending' and a.batch = a.id)
      join notices n on n.id = a.notice_id
      join tenants t on t.id = a.tenant_id
      left join alert_rules r on r.id = a.rule_id
      left join clients k on k.id = n.client_id
), g as (
    update alerts x
       set state = 'sending', batch = a.id
      from a
     where x.tenant_id = a.tenant_id and x.channel = a.channel and x.target = a.target
       and (x.id = a.id or x.batch = a.id and x.state = 'sending'
            or x.state = 'waiting' and x.due_at <= now() and a.state = 'waiting'
               and x.rule_id is not distinct from a.rule_id)
    returning x.notice_id, x.created_at
), w as (
    select json_agg(notice_words(n, a.zone, :site) order by g.created_at, n.id) as words,
           min(c.to_number) filter (where c.direction = 'inbound') as called
      from a, g join notices n on n.id = g.notice_id left join calls c on c.id = n.call_id
)
select a.channel, a.target, a.state = 'sending' as again, a.tenant,
       coalesce((select e164 from numbers where tenant_id = a.tenant_id and e164 = w.called and released_at is null),
                a.default_number,
                (select e164 from numbers where tenant_id = a.tenant_id and released_at is null
                  order by created_at limit 1)) as our_number,
       w.words
  from a, w;
