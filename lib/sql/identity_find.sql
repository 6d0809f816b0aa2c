-- Who issues such tokens, for whom: asked before a tenant is known.
-- in  issuer text
-- out tenant_id uuid, id uuid, audience text, secret text?, jwks_url text?, claim text
-- many
select tenant_id, id, audience, secret, jwks_url, claim from identity_find(:issuer) limit 32;
