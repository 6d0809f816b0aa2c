-- One of the tenant's reports with its figures and as it was mailed, as the API's document. No row: not this tenant's,
-- or
-- none.
-- in  id uuid
-- out doc json
-- maybe
select (report_json(r)::jsonb || jsonb_build_object('figures', r.figures, 'html', r.html, 'text', r.plain))::json as doc
  from reports r
 where r.tenant_id = current_tenant() and r.id = :id;
