-- Where calls to a user ring, and the user's own name; null: as it is.
-- in  user_id uuid, etag text?, rings text?, available bool?, name text?, actor text, origin text
-- out doc json?, stale bool
-- one
with old as (
    select u as was, u.id, :etag is null or strpos(:etag, etag(user_json(u))) > 0 as same
      from users u
     where u.tenant_id = current_tenant() and u.id = :user_id
       for update
), u as (
    update users as n
       set rings = coalesce(:rings, n.rings), available = coalesce(:available, n.available),
           name = coalesce(:name, n.name)
      from old
     where n.id = old.id and n.tenant_id = current_tenant() and old.same
    returning n as made, n.id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'user.change', u.id::text,
           json_build_object('old', user_json(old.was), 'new', user_json(u.made)), left(:origin, 100), ''
      from u, old
)
select (select user_json(u.made) from u) as doc, not coalesce((select same from old), true) as stale;
