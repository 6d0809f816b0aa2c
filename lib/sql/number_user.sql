-- A user of the tenant by address. No row: there is none.
-- in  email text
-- out id uuid
-- maybe
select id from users where tenant_id = current_tenant() and email = lower(:email) and disabled_at is null;
