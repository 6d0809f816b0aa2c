-- A user has a new password: every other session and every link of his is over.
-- in  user_id uuid, password_hash text, keep uuid?, actor text, origin text
-- out done bool
-- one
with u as (
    update users set password_hash = :password_hash
     where tenant_id = current_tenant() and id = :user_id
    returning id, email
), s as (
    delete from sessions using u where sessions.user_id = u.id and sessions.id is distinct from :keep
), l as (
    delete from mail_links using u where mail_links.user_id = u.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, origin, hash)
    select current_tenant(), 0, :actor, 'user.password', u.id::text, left(:origin, 100), '' from u
)
select count(*) > 0 as done from (select login_passed(email, :origin) from u) p;
