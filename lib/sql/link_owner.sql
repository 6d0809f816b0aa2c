-- Whose link of a mail is this, and whose tenant's: asked before a tenant is known. No row: nobody's, used, or over.
-- in  hash bytea
-- out user_id uuid?, tenant_id uuid?, email text?, tenant text?
-- maybe
select user_id, tenant_id, email, tenant from link_owner(:hash);
