-- What SQL written for the five guides expects under its own names.
set local role switchhook_owner;

-- One row a call, with and without audio; of several recordings the longest finished one of kind call.
create view call_recordings with (security_invoker = true) as
select c.id, c.tenant_id, c.user_id, c.twilio_call_sid, r.sid as recording_sid, c.from_number, c.to_number, c.direction,
       c.status, c.duration_seconds, c.recording_url, r.duration_seconds as recording_duration_seconds,
       coalesce(r.transcription_status, 'none') as transcription_status, t.text as transcription, a.sentiment,
       a.sentiment_score, a.action_items, a.summary, c.created_at
  from calls c
  left join lateral (select * from recordings
                      where call_id = c.id and kind = 'call'
                      order by (status in ('completed', 'stored')) desc, duration_seconds desc nulls last, id
                      limit 1) r on true
  left join lateral (select * from transcripts where recording_id = r.id order by version desc limit 1) t on true
  left join lateral (select * from analyses where transcript_id = t.id order by version desc limit 1) a on true;

grant select on call_recordings to switchhook_app, switchhook_reader;
