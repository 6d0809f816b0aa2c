-- Where the tenant's conversion is. place null: at the beginning of a pass. begins: a pass begins with it. done: all
-- is as the option has it. Another sweep that was faster, or the option set anew: then this says nothing.
-- in  was_place text?, was_after text?, place text?, after text?, dirty bool, begins bool, converted bigint, done bool
-- none
update metadata_sealing
   set place = :place, after = :after, dirty = :dirty, pass_at = case when :begins then now() else pass_at end,
       converted = converted + :converted, done_at = case when :done then now() end
 where tenant_id = current_tenant() and done_at is null
   and place is not distinct from :was_place and after is not distinct from :was_after;
