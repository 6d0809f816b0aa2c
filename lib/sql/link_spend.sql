-- Uses a link of a mail: the user has the new password, and every session and link of his is over. done is false when
-- somebody was faster.
-- in  hash bytea, password_hash text, origin text
-- out done bool
-- one
with l as (
    delete from mail_links
     where token_hash = :hash and tenant_id = current_tenant() and expires_at > now()
    returning user_id, kind
), u as (
    update users set password_hash = :password_hash from l
     where users.id = l.user_id and users.tenant_id = current_tenant() and users.disabled_at is null
    returning users.id, users.email, l.kind
), others as (
    delete from mail_links using u where mail_links.user_id = u.id and mail_links.token_hash <> :hash
), s as (
    delete from sessions using u where sessions.user_id = u.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, 'user:' || u.id, 'user.password', u.id::text, json_build_object('by', u.kind),
           left(:origin, 100), ''
      from u
), p as (
    select login_passed(u.email, :origin) from u
)
select exists (select from u) and (select count(*) from p) > 0 as done;
