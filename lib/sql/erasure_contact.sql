-- The number of a contact that is to be erased, at most one row. None: no such contact.
-- in  id uuid
-- out phone_number text?
-- many
select phone_number from contacts where tenant_id = current_tenant() and id = :id limit 1;
