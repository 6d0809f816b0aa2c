-- Promised calls of the tenant of which nobody has said how they ended for half a minute, oldest first.
-- out call_id uuid
-- many
select call_id
  from call_intents
 where tenant_id = current_tenant() and state in ('sending', 'unknown') and created_at < now() - interval '30 seconds'
 order by created_at
 limit 20;
