-- Whose API key is this: asked before a tenant is known. No row: nobody's, revoked, or expired.
-- in  prefix text, hash bytea
-- out tenant_id uuid?, role text?, scopes text?
-- maybe
select tenant_id, role, scopes from api_key_use(:prefix, :hash);
