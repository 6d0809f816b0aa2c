-- Changes a user of the tenant; null: as it is. verdict: done, absent, stale (another since the etag was given),
-- last_admin (nobody would be left). A role or a door that changes ends the user's sessions.
-- in  id uuid, etag text?, name text?, role text?, forward_to text?, no_forward bool, disabled bool?, actor text
-- in  origin text
-- out verdict text, doc json?
-- one
with admins as (
    select id from users
     where tenant_id = current_tenant() and role = 'admin' and disabled_at is null
     order by id
       for update
), old as (
    select u as was, u.id, u.role, u.disabled_at
      from users u
     where u.tenant_id = current_tenant() and u.id = :id
       for update
), v as (
    select case when :etag is not null and strpos(:etag, etag(user_json(o.was))) = 0 then 'stale'
                when (coalesce(:role, o.role) <> 'admin' or coalesce(:disabled, o.disabled_at is not null))
                     and exists (select from admins where id = o.id) and (select count(*) from admins) = 1
                then 'last_admin'
                else 'done' end as verdict
      from old o
), u as (
    update users as n
       set name        = coalesce(:name, n.name),
           role        = coalesce(:role, n.role),
           forward_to  = case when :no_forward then null else coalesce(:forward_to, n.forward_to) end,
           disabled_at = case when :disabled is null then n.disabled_at
                              when :disabled then coalesce(n.disabled_at, now()) end
      from v
     where v.verdict = 'done' and n.tenant_id = current_tenant() and n.id = (select id from old)
    returning n as made, n.id, n.role, n.disabled_at
), s as (
    delete from sessions
     using u, old
     where sessions.user_id = u.id and (u.role <> old.role or u.disabled_at is distinct from old.disabled_at)
), l as (
    delete from mail_links using u where mail_links.user_id = u.id and u.disabled_at is not null
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'user.change', u.id::text,
           json_build_object('old', user_json(old.was), 'new', user_json(u.made)), left(:origin, 100), ''
      from u, old
)
select coalesce((select verdict from v), 'absent') as verdict, (select user_json(u.made) from u) as doc;
