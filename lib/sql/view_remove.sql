-- Removes a look at the call log: one's own, or as an admin a shared one or one that a key made. No row: there is none
-- to remove.
-- in  id uuid, who uuid?, admin bool, actor text, origin text
-- out id uuid
-- maybe
with gone as (
    delete from call_views v
     where v.tenant_id = current_tenant() and v.id = :id
       and (v.user_id is not distinct from :who or :admin and (v.shared or v.user_id is null))
    returning v.id, v.name, v.shared
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'view.remove', gone.id,
           jsonb_build_object('old', jsonb_build_object('name', name, 'shared', shared), 'new', null),
           left(:origin, 100), ''
      from gone
)
select id from gone;
