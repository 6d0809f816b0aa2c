-- Tokens of an issuer are believed from now on.
-- in  id uuid, tenant_id uuid, issuer text, audience text, secret text?, jwks_url text?, claim text
-- none
insert into identity_providers (id, tenant_id, issuer, audience, kind, secret, jwks_url, claim)
values (:id, :tenant_id, :issuer, :audience, case when :secret is null then 'jwks' else 'secret' end, :secret,
        :jwks_url, :claim);
