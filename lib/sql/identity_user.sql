-- The user that a token means, by the CRM's name for him or by e-mail address. No row: nobody, or disabled.
-- in  external_id text?, email text?
-- out id uuid?, role text?
-- maybe
select id, role
  from users
 where tenant_id = current_tenant() and disabled_at is null
   and (external_id = :external_id or email = lower(:email))
 limit 1;
