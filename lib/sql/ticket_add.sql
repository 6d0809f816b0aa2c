-- A ticket that logs a user in inside a page of that origin, once. user_role is null where the tenant has no such user;
-- expires_at is null where nothing was made: no such user, a viewer, or an origin that is not listed.
-- in  user_id uuid, origin text, hash bytea, seconds int, actor text, remote text
-- out user_role text?, allowed bool, expires_at text?
-- one
with u as (
    select id, role from users where id = :user_id and tenant_id = current_tenant() and disabled_at is null
), o as (
    select exists (select from tenant_origins where tenant_id = current_tenant() and origin = :origin) as allowed
), over as (
    delete from embed_tickets where tenant_id = current_tenant() and expires_at < now()
), e as (
    insert into embed_tickets (token_hash, tenant_id, user_id, origin, expires_at)
    select :hash, current_tenant(), u.id, :origin, now() + make_interval(secs => :seconds::int)
      from u, o
     where o.allowed and u.role <> 'viewer'
    returning user_id, origin, expires_at
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'ticket.open', e.user_id::text,
           json_build_object('old', null, 'new', json_build_object('origin', e.origin)), left(:remote, 100), ''
      from e
)
select (select role from u) as user_role, o.allowed, (select rfc3339(expires_at) from e) as expires_at from o;
