-- How long a link to a stored recording lasts, and an entry that somebody was given one. seconds null: as the tenant
-- says; more than that is cut to it. No row: there is no such audio.
-- in  id uuid, seconds int?, actor text, origin text
-- out sid text, seconds int
-- maybe
with r as (
    select r.sid, least(coalesce(:seconds, link_seconds()), link_seconds()) as seconds
      from recordings r
     where r.tenant_id = current_tenant() and r.id = :id and r.status = 'stored'
), a as (
    select audit_add(:actor, 'recording.link', r.sid, jsonb_build_object('seconds', r.seconds), :origin) as seq from r
)
select r.sid, r.seconds from r, a;
