-- A new API key of the tenant, of which only the hash is kept. scopes null: all its role may do; days null: for ever,
-- or as long as the key that makes it lives: maker, its prefix; null: a person or the operator makes it.
-- in  name text, prefix text, hash bytea, role text, scopes text?, days int?, maker text?, actor text, origin text?
-- out id uuid, doc json
-- one
with k as (
    insert into api_keys as n (tenant_id, name, prefix, secret_hash, role, scopes, expires_at)
    select current_tenant(), :name, :prefix, :hash, :role, :scopes,
           least(now() + make_interval(days => :days::int),
                 (select m.expires_at from api_keys m where m.tenant_id = current_tenant() and m.prefix = :maker))
    returning n as made, id, prefix
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'key.add', k.prefix,
           json_build_object('new', key_json(k.made)), left(:origin, 100), ''
      from k
)
select id, key_json(k.made) as doc from k;
