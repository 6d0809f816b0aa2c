-- A new user of the tenant, without a password.
-- in  id uuid, email text, name text?, role text, forward_to text?, actor text, origin text
-- out doc json
-- one
with u as (
    insert into users as n (id, tenant_id, email, name, role, forward_to)
    values (:id, current_tenant(), lower(:email), coalesce(:name, ''), :role, :forward_to)
    returning n as made, id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'user.invite', u.id::text, json_build_object('new', user_json(u.made)),
           left(:origin, 100), ''
      from u
)
select user_json(u.made) as doc from u;
