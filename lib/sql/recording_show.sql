-- One recording as the API's document. No row: not this tenant's, or no such recording.
-- in  id uuid
-- out doc json?
-- maybe
select recording_json(r) as doc from recordings r where r.tenant_id = current_tenant() and r.id = :id;
