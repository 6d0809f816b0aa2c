-- Whose session is this: asked before a tenant is known. No row: nobody's, or over.
-- in  hash bytea
-- out user_id uuid?, tenant_id uuid?, role text?, session_id uuid?
-- maybe
select user_id, tenant_id, role, session_id from session_touch(:hash);
