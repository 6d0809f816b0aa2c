-- One of the tenant's disclosures, as the API's document. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select disclosure_json(d) as doc from disclosures d where d.tenant_id = current_tenant() and d.id = :id;
