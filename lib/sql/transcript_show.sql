-- One of the tenant's transcripts, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select transcript_json(t) as doc from transcripts t where t.tenant_id = current_tenant() and t.id = :id;
