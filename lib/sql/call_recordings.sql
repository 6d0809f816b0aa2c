-- The recordings of a call, oldest first, as the API's document; by our id, or by the CallSid of one of its legs. No
-- row: not this tenant's, or no such call.
-- in  id uuid?, sid text?
-- out doc json?
-- maybe
select json_build_object('data', coalesce((select json_agg(recording_json(r) order by r.created_at, r.id)
                                             from recordings r
                                            where r.tenant_id = current_tenant() and r.call_id = c.id), '[]'),
                         'next_cursor', null) as doc
  from calls c
 where c.tenant_id = current_tenant()
   and c.id = coalesce(:id, (select l.call_id from call_legs l where l.tenant_id = current_tenant() and l.sid = :sid),
                       (select x.id from calls x where x.tenant_id = current_tenant() and x.twilio_call_sid = :sid));
