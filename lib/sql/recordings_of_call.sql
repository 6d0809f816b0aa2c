-- The recordings of the call that a leg belongs to, as the guides' entries without their links, and an entry that
-- somebody was given links. One row without a sid: the call has none. No row: no such call.
-- in  sid text, actor text, origin text
-- out sid text?, doc text, stored bool, status text, seconds int
-- many
with c as (
    select coalesce((select call_id from call_legs where tenant_id = current_tenant() and sid = :sid),
                    (select id from calls where tenant_id = current_tenant() and twilio_call_sid = :sid)) as id
), r as (
    select r.id, r.sid, r.kind, r.status, r.duration_seconds, r.channels, r.created_at, c.id as call_id
      from c
      left join recordings r on r.call_id = c.id and r.tenant_id = current_tenant()
     where c.id is not null
     order by r.created_at, r.id
     limit 100
), a as (
    select audit_add(:actor, 'recording.link', :sid,
                     jsonb_build_object('recordings', jsonb_agg(r.sid), 'seconds', link_seconds()), :origin) as seq
      from r
     where r.status = 'stored'
    having count(*) > 0
)
select r.sid,
       json_build_object('sid', r.sid, 'kind', r.kind,
                         'status', case r.status when 'stored' then 'completed' when 'completed' then 'processing'
                                                 else r.status end,
                         'durationSeconds', r.duration_seconds, 'channels', r.channels,
                         'createdAt', to_char(r.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text
           as doc,
       r.status is not distinct from 'stored' as stored,
       case when r.sid is null then 'none'
            when bool_and(r.status in ('stored', 'absent', 'erased')) over () then 'completed'
            else 'processing' end as status,
       link_seconds() as seconds
  from r
  left join a on true
 order by r.created_at, r.id
 limit 100;
