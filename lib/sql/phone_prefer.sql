-- Where calls to a user ring, what he is doing, and his own name; null: as it is. A reason goes with being away; hours
-- that are given may be null.
-- in  user_id uuid, etag text?, rings text?, available bool?, presence text?, reason text?, hours text?
-- in  hours_given bool, name text?, actor text, origin text
-- out doc json?, stale bool, unread bool
-- one
with old as (
    select u as was, u.id, :etag is null or strpos(:etag, etag(user_json(u))) > 0 as same,
           coalesce(not plan_valid(:hours), false) as unread
      from users u
     where u.tenant_id = current_tenant() and u.id = :user_id
       for no key update
), u as (
    update users as n
       set rings = coalesce(:rings, n.rings),
           available = coalesce(:presence in ('available', 'auto'), :available, n.available),
           presence = coalesce(:presence, case :available when true then 'available' when false then 'busy' end,
                               n.presence),
           away_reason = case when coalesce(:presence, case when :available is not null then '' end, n.presence)
                                   <> 'away' then null
                              when :presence is not null then :reason else coalesce(:reason, n.away_reason) end,
           work_hours = case when :hours_given then :hours else n.work_hours end,
           name = coalesce(:name, n.name)
      from old
     where n.id = old.id and n.tenant_id = current_tenant() and old.same
       and not old.unread
    returning n as made, n.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'user.change', u.id::text,
           json_build_object('old', user_json(old.was), 'new', user_json(u.made)), left(:origin, 100), ''
      from u, old
)
select (select user_json(u.made) from u) as doc, not coalesce((select same from old), true) as stale,
       coalesce((select unread from old), false) as unread;
