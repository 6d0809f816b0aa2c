-- A new webhook endpoint; secret is sealed. events: a list of kinds, null: all of them.
-- in  id uuid, url text, description text?, events jsonb?, secret text, actor text, origin text?
-- out doc json
-- one
with made as (
    insert into webhook_endpoints as e (id, tenant_id, url, description, events, secret)
    select :id, current_tenant(), :url, :description,
           case when :events is null then webhook_kinds()
                else array(select distinct v from jsonb_array_elements_text(:events) v order by v) end, :secret
    returning e.id, endpoint_json(e) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'endpoint.add', made.id, jsonb_build_object('new', made.doc),
           left(:origin, 100), ''
      from made
)
select doc from made;
