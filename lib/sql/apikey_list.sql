-- The API keys of a tenant, newest first.
-- in  tenant_id uuid
-- out prefix text, name text, role text, scopes text?, state text, last_used_at text?, expires_at text?
-- many
select prefix, name, role, scopes,
       case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired'
            else 'active' end as state,
       rfc3339(last_used_at) as last_used_at, rfc3339(expires_at) as expires_at
  from api_keys
 where tenant_id = :tenant_id
 order by created_at desc, id
 limit 1000;
