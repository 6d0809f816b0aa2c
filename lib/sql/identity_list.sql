-- Whose tokens a tenant believes.
-- in  tenant_id uuid
-- out id uuid, issuer text, audience text, kind text, claim text, jwks_url text?
-- many
select id, issuer, audience, kind, claim, jwks_url
  from identity_providers
 where tenant_id = :tenant_id
 order by issuer, audience
 limit 1000;
