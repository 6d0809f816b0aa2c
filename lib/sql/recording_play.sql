-- The file of a call's longest stored recording, and an entry that somebody asked for it. No row: there is none here.
-- in  sid text, actor text, origin text
-- out path text?, seconds int?
-- maybe
with r as (
    select r.id, r.sid, r.path, r.duration_seconds
      from recordings r
     where r.tenant_id = current_tenant() and r.status = 'stored'
       and r.call_id = coalesce((select call_id from call_legs where tenant_id = current_tenant() and sid = :sid),
                                (select id from calls where tenant_id = current_tenant() and twilio_call_sid = :sid))
     order by r.duration_seconds desc nulls last, r.id
     limit 1
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, origin, hash)
    select current_tenant(), 0, :actor, 'recording.play', r.sid, left(:origin, 100), '' from r
)
select path, duration_seconds as seconds from r;
