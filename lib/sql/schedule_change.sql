-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select s.id, schedule_json(s) as was, :etag is null or strpos(:etag, etag(schedule_json(s))) > 0 as same
      from report_schedules s
     where s.tenant_id = current_tenant() and s.id = :id
       for no key update
), changed as (
    update report_schedules s
       set client_id  = case when d ? 'client_id' then (d ->> 'client_id')::uuid else s.client_id end,
           every      = coalesce(d ->> 'every', s.every),
           recipients = case when d ? 'recipients'
                             then array(select distinct v
                                          from jsonb_array_elements_text(d -> 'recipients') v order by v)
                             else s.recipients end,
           send_at    = coalesce((d ->> 'send_at')::time, s.send_at),
           enabled    = coalesce((d ->> 'enabled')::boolean, s.enabled)
      from body, old
     where s.id = old.id and s.tenant_id = current_tenant() and old.same
    returning schedule_json(s) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'schedule.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select case when old.same then 'changed' else 'stale' end as verdict, (select doc from changed) as doc from old;
