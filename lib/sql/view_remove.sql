-- Removes a look at the call log: one's own, or as an admin a shared one or one that a key made. No row: there is none
-- to remove.
-- in  id uuid, who uuid?, admin bool
-- out id uuid
-- maybe
delete from call_views v
 where v.tenant_id = current_tenant() and v.id = :id
   and (v.user_id is not distinct from :who or :admin and (v.shared or v.user_id is null))
returning v.id;
