-- What a player draws of a recording: of each channel up to 2,000 slices, each as its loudest sample from 0 to 255; and
-- an entry that somebody looked. No row: no such recording, or it is not stored.
-- in  id uuid, actor text, origin text
-- out doc json?
-- maybe
with r as (
    select r.id, r.sid, r.channels, r.duration_seconds, r.peaks, length(r.peaks) / r.channels as slices
      from recordings r
     where r.tenant_id = current_tenant() and r.id = :id and r.status = 'stored' and length(r.peaks) >= r.channels
), a as (
    select audit_add(:actor, 'recording.wave', r.sid, '{}', :origin) as seq from r
)
select json_build_object('recording_id', r.id, 'channels', r.channels, 'duration_seconds', r.duration_seconds,
                         'slices', r.slices, 'peaks',
                         (select json_agg((select json_agg(get_byte(r.peaks, s.i * r.channels + c.i) order by s.i)
                                             from generate_series(0, r.slices - 1) s (i)) order by c.i)
                            from generate_series(0, r.channels - 1) c (i))) as doc
  from r, a;
