-- Makes the report of the last period that was over, if it is not there, and mails it to the schedule's recipients,
-- again if need be. No row: not this tenant's, or none.
-- in  id uuid, actor text, origin text?
-- out report uuid?
-- maybe
with s as materialized (
    select s from report_schedules s where s.tenant_id = current_tenant() and s.id = :id
), made as materialized (
    select report_make(s.s, true) as report from s
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'schedule.send', :id, json_build_object('new', made.report),
           left(:origin, 100), ''
      from made
)
select report from made;
