-- A promised call of which nobody has said how it ended.
-- in  call_id uuid
-- out from_number text?, dialled text?, created_ms bigint, age_s bigint
-- maybe
select from_number, case mode when 'agent_first' then agent_number else to_number end as dialled,
       (extract(epoch from created_at) * 1000)::bigint as created_ms,
       extract(epoch from now() - created_at)::bigint as age_s
  from call_intents
 where tenant_id = current_tenant() and call_id = :call_id and state in ('sending', 'unknown');
