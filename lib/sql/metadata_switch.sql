-- Sets the option of the tenant; the sweep converts what is stored.
-- in  wanted bool, actor text
-- none
with t as (
    update tenants set encrypt_metadata = :wanted
     where id = current_tenant() and encrypt_metadata <> :wanted
    returning id
)
insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
select t.id, 0, left(:actor, 200), 'settings.change', 'settings',
       jsonb_build_object('new', jsonb_build_object('encrypt_metadata', :wanted)), ''
  from t;
