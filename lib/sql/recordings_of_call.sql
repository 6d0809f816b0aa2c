-- The recordings of the call that a leg belongs to, as the guides' document. base: the audio's address without .wav.
-- in  sid text, base text
-- out doc json?
-- maybe
select json_build_object(
           'success', true, 'callSid', :sid,
           'status', case when bool_and(r.status in ('stored', 'absent', 'erased')) then 'completed'
                          when count(r.id) > 0 then 'processing' else 'none' end,
           'recordings', coalesce(json_agg(json_build_object(
               'sid', r.sid, 'kind', r.kind,
               'status', case r.status when 'stored' then 'completed' when 'completed' then 'processing'
                                       else r.status end,
               'durationSeconds', r.duration_seconds, 'channels', r.channels,
               'createdAt', to_char(r.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
               'url', case when r.status = 'stored' then :base || '.wav' end, 'expiresAt', null)
               order by r.created_at, r.id) filter (where r.id is not null), '[]')) as doc
  from (select coalesce((select call_id from call_legs where tenant_id = current_tenant() and sid = :sid),
                        (select id from calls where tenant_id = current_tenant() and twilio_call_sid = :sid)) as id) c
  left join recordings r on r.call_id = c.id and r.tenant_id = current_tenant()
 where c.id is not null
 group by c.id;
