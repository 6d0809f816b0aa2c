-- A stored recording by our id, its sid, or its call's sid (of several the longest conversation), and an entry that
-- somebody asked for its audio. No row: there is none here.
-- in  id uuid?, sid text?, action text, actor text, origin text?, detail jsonb
-- out id uuid, sid text, path text, day text, channels int?, storage text, sealed_key text?
-- maybe
with r as (
    select r.id, r.sid, r.path, r.created_at, r.channels, r.storage, r.sealed_key
      from recordings r
     where r.tenant_id = current_tenant() and r.status = 'stored'
       and (r.id = :id or r.sid = :sid
            or r.call_id = coalesce((select call_id from call_legs where tenant_id = current_tenant() and sid = :sid),
                                    (select id from calls
                                      where tenant_id = current_tenant() and twilio_call_sid = :sid)))
     order by r.kind <> 'call', r.duration_seconds desc nulls last, r.id
     limit 1
), a as (
    select audit_add(:actor, :action, r.sid, :detail, :origin) as seq from r
)
select r.id, r.sid, r.path, to_char(r.created_at at time zone 'utc', 'YYYY-MM-DD') as day, r.channels, r.storage,
       r.sealed_key
  from r, a;
