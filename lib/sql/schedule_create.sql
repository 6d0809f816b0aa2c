-- A new schedule of reports, from a body that has been checked.
-- in  doc text, actor text, origin text
-- out id uuid, doc json
-- one
with made as (
    insert into report_schedules as s (tenant_id, client_id, every, recipients, send_at, enabled)
    select current_tenant(), (d ->> 'client_id')::uuid, d ->> 'every',
           array(select distinct v from jsonb_array_elements_text(d -> 'recipients') v order by v),
           coalesce((d ->> 'send_at')::time, '07:00'), coalesce((d ->> 'enabled')::boolean, true)
      from (select :doc::jsonb as d) as body
    returning s.id, s.tenant_id, schedule_json(s) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select made.tenant_id, 0, left(:actor, 200), 'schedule.add', made.id, jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select id, doc from made;
