-- Changes a user of the tenant; null: as it is. verdict: done, absent, stale (another since the etag was given),
-- last_admin (nobody would be left). A role or a door that changes ends the user's sessions. Who had no settings of his
-- own keeps what counted so far.
-- in  id uuid, etag text?, name text?, role text?, forward_to text?, no_forward bool, disabled bool?
-- in  auto_record bool?, auto_transcribe bool?, actor text, origin text
-- out verdict text, doc json?
-- one
with admins as (
    select id from users
     where tenant_id = current_tenant() and role = 'admin' and disabled_at is null
     order by id
       for no key update
), old as (
    select u as was, user_json(u) as doc, u.id, u.role, u.disabled_at
      from users u
     where u.tenant_id = current_tenant() and u.id = :id
       for no key update
), v as (
    select case when :etag is not null and strpos(:etag, etag(o.doc)) = 0 then 'stale'
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
), p as (
    insert into user_voip_settings as p (user_id, tenant_id, auto_record, auto_transcribe)
    select o.id, current_tenant(), coalesce(:auto_record, (o.doc ->> 'auto_record')::boolean),
           coalesce(:auto_transcribe, true)
      from u join old o on o.id = u.id
     where coalesce(:auto_record, :auto_transcribe) is not null
    on conflict (user_id) do update
       set auto_record     = coalesce(:auto_record, p.auto_record),
           auto_transcribe = coalesce(:auto_transcribe, p.auto_transcribe)
    returning p.auto_record, p.auto_transcribe
), now as (
    select u.id, user_json(u.made, coalesce(p.auto_record, (o.doc ->> 'auto_record')::boolean),
                           coalesce(p.auto_transcribe, (o.doc ->> 'auto_transcribe')::boolean)) as doc
      from u join old o on o.id = u.id left join p on true
), s as (
    delete from sessions
     using u, old
     where sessions.user_id = u.id and (u.role <> old.role or u.disabled_at is distinct from old.disabled_at)
), l as (
    delete from mail_links using u where mail_links.user_id = u.id and u.disabled_at is not null
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'user.change', now.id::text,
           json_build_object('old', old.doc, 'new', now.doc), left(:origin, 100), ''
      from now, old
)
select coalesce((select verdict from v), 'absent') as verdict, (select doc from now) as doc;
