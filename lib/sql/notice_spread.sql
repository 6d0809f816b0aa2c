-- Who is told of a notice, and when: by the rules about it, or, for what is not a call, by mail to the admins where no
-- rule is about it. A call that is not missed after all is told to nobody. Ends the job. No row: the lease was lost.
-- in  job uuid, token bigint, notice uuid
-- out held bool, alerts bigint
-- maybe
with j as (
    update jobs set state = 'done', finished_at = now(), leased_until = null, reason = null
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), n as (
    select n.*, t.time_zone as zone, k.time_zone as client_zone
      from j
      join notices n on n.tenant_id = j.tenant_id and n.id = :notice
      join tenants t on t.id = n.tenant_id
      left join clients k on k.id = n.client_id
     where n.kind <> 'missed_call' or exists (select from calls c where c.id = n.call_id and c.outcome = 'missed')
), r as (
    select r.id as rule_id, r.channel,
           coalesce(r.target, case r.channel when 'mail' then u.email else u.forward_to end) as target,
           alert_due(now(), coalesce(r.time_zone, n.client_zone, n.zone), r.quiet_from, r.quiet_until, r.digest,
                     r.digest_at) as due_at
      from n
      join alert_rules r on r.tenant_id = n.tenant_id and r.enabled and n.kind = any (r.kinds)
                        and (r.client_id is null or r.client_id = n.client_id)
      left join users u on u.id = r.user_id
     where u.id is null or u.disabled_at is null
), whom as (
    select rule_id, channel, target, due_at from r where target is not null
     union all
    select null, 'mail', u.email, now()
      from n join users u on u.tenant_id = n.tenant_id and u.role = 'admin' and u.disabled_at is null
     where n.kind <> 'missed_call' and not exists (select from r)
), a as (
    insert into alerts (tenant_id, notice_id, rule_id, channel, target, due_at)
    select n.tenant_id, n.id, w.rule_id, w.channel, w.target, w.due_at from n, whom w
    returning id, tenant_id, due_at
), q as (
    insert into jobs (tenant_id, kind, ref, due_at) select tenant_id, 'alert', id::text, due_at from a
)
select true as held, (select count(*) from a) as alerts from j;
