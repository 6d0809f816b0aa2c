-- One of the tenant's schedules of reports, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select schedule_json(s) as doc from report_schedules s where s.tenant_id = current_tenant() and s.id = :id;
