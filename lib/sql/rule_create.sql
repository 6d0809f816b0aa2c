-- A new rule for alerts, from a body that has been checked.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into alert_rules as r (tenant_id, user_id, client_id, kinds, channel, target, time_zone, quiet_from,
                                  quiet_until, digest, digest_at, enabled)
    select current_tenant(), (d ->> 'user_id')::uuid, (d ->> 'client_id')::uuid,
           array(select distinct v from jsonb_array_elements_text(d -> 'kinds') v order by v), d ->> 'channel',
           d ->> 'target', d ->> 'time_zone', (d ->> 'quiet_from')::time, (d ->> 'quiet_until')::time,
           coalesce(d ->> 'digest', 'none'), coalesce((d ->> 'digest_at')::time, '08:00'),
           coalesce((d ->> 'enabled')::boolean, true)
      from (select :doc::jsonb as d) as body
     where d ->> 'user_id' is null
        or exists (select from users u where u.tenant_id = current_tenant() and u.id = (d ->> 'user_id')::uuid)
    returning r.id, r.tenant_id, rule_json(r) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'rule.add', made.id, jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
