-- One call with its legs, recordings, text, analysis, timeline, cost and reasons, as the API's document; by our id, or
-- by the CallSid of one of its legs. No row: not this tenant's, or no such call.
-- in  id uuid?, sid text?
-- out doc json?
-- maybe
select (call_row_json(c)::jsonb || control_json(c) || jsonb_build_object(
           'etag', etag(call_row_json(c)),
           'record_reason', c.record_reason, 'announced', announced_json(c), 'verdict', c.verdict,
           'links', coalesce((select i.links from call_intents i where i.call_id = c.id), '[]'),
           'legs', coalesce((select jsonb_agg(jsonb_build_object(
                                 'sid', l.sid, 'parent_sid', l.parent_sid, 'role', l.role, 'status', l.status,
                                 'dial_status', l.dial_status, 'endpoint', l.endpoint,
                                 'started_at', rfc3339(l.started_at), 'rang_at', rfc3339(l.rang_at),
                                 'answered_at', rfc3339(l.answered_at), 'ended_at', rfc3339(l.ended_at),
                                 'duration_seconds', l.duration_seconds) order by l.parent_sid nulls first, l.sid)
                               from call_legs l where l.call_id = c.id), '[]'),
           'events', coalesce((select jsonb_agg(jsonb_build_object(
                                 'type', e.event_type, 'kind', e.kind, 'call_sid', e.call_sid,
                                 'received_at', rfc3339(e.received_at)) order by e.received_at, e.digest)
                                 from (select event_type, kind, call_sid, received_at, digest
                                         from webhook_events
                                        where call_id = c.id
                                        order by received_at limit 200) e), '[]'),
           'recordings', coalesce((select jsonb_agg(jsonb_build_object(
                                 'id', r.id, 'sid', r.sid, 'kind', r.kind, 'status', r.status,
                                 'status_reason', r.status_reason, 'channels', r.channels,
                                 'duration_seconds', r.duration_seconds, 'bytes', r.bytes,
                                 'sha256', encode(r.sha256, 'hex'), 'created_at', rfc3339(r.created_at),
                                 'transcription_status', r.transcription_status,
                                 'transcription_reason', r.transcription_reason,
                                 'transcript', (select jsonb_build_object('id', t.id, 'version', t.version,
                                                        'model', t.model, 'language', t.language,
                                                        'text', t.text, 'segments', t.segments,
                                                        'created_at', rfc3339(t.created_at))
                                                  from transcripts t where t.recording_id = r.id
                                                 order by t.version desc limit 1),
                                 'analysis', (select jsonb_build_object('id', a.id, 'version', a.version,
                                                      'model', a.model, 'sentiment', a.sentiment,
                                                      'sentiment_score', a.sentiment_score,
                                                      'summary', a.summary, 'action_items', a.action_items,
                                                      'topics', a.topics, 'done', action_ticks_json(a.id),
                                                      'created_at', rfc3339(a.created_at))
                                                from analyses a join transcripts t on t.id = a.transcript_id
                                               where t.recording_id = r.id
                                               order by t.version desc, a.version desc limit 1))
                                 order by r.created_at, r.id)
                               from recordings r where r.call_id = c.id), '[]'),
           'timeline', call_timeline(c), 'cost', call_cost(c), 'why', call_why(c)))::json as doc
  from calls c
 where c.tenant_id = current_tenant()
   and c.id = coalesce(:id, (select l.call_id from call_legs l where l.tenant_id = current_tenant() and l.sid = :sid),
                       (select x.id from calls x where x.tenant_id = current_tenant() and x.twilio_call_sid = :sid));
