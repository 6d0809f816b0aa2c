-- The number of a contact as it is stored, a token where it is sealed. No row: not this tenant's, or no such contact.
-- in  id uuid
-- out phone_number text?
-- maybe
select c.phone_number from contacts c where c.tenant_id = current_tenant() and c.id = :id;
