-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile; user_id, when there is no such user. No row: not this tenant's, or
-- none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select r.id, rule_json(r) as was, :etag is null or strpos(:etag, etag(rule_json(r))) > 0 as same,
           d ->> 'user_id' is null or exists (select from users u where u.tenant_id = current_tenant()
                                                 and u.id = (d ->> 'user_id')::uuid) as known
      from body, alert_rules r
     where r.tenant_id = current_tenant() and r.id = :id
       for no key update of r
), changed as (
    update alert_rules r
       set user_id     = case when d ? 'user_id' then (d ->> 'user_id')::uuid else r.user_id end,
           client_id   = case when d ? 'client_id' then (d ->> 'client_id')::uuid else r.client_id end,
           kinds       = case when d ? 'kinds'
                              then array(select distinct v from jsonb_array_elements_text(d -> 'kinds') v order by v)
                              else r.kinds end,
           channel     = coalesce(d ->> 'channel', r.channel),
           target      = case when d ? 'target' then d ->> 'target' else r.target end,
           time_zone   = case when d ? 'time_zone' then d ->> 'time_zone' else r.time_zone end,
           quiet_from  = case when d ? 'quiet_from' then (d ->> 'quiet_from')::time else r.quiet_from end,
           quiet_until = case when d ? 'quiet_until' then (d ->> 'quiet_until')::time else r.quiet_until end,
           digest      = coalesce(d ->> 'digest', r.digest),
           digest_at   = coalesce((d ->> 'digest_at')::time, r.digest_at),
           enabled     = coalesce((d ->> 'enabled')::boolean, r.enabled)
      from body, old
     where r.id = old.id and r.tenant_id = current_tenant() and old.same and old.known
    returning rule_json(r) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'rule.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when not old.same then 'stale' when not old.known then 'user_id' else 'changed' end as verdict,
       (select doc from changed) as doc
  from old;
