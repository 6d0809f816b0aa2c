-- Whose link of a mail is this: asked before a tenant is known. No row: nobody's, used, or over.
-- in  hash bytea
-- out user_id uuid?, tenant_id uuid?, email text?
-- maybe
select user_id, tenant_id, email from link_find(:hash);
