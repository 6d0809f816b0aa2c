-- A page of the tenant's transcripts, newest first, as the API's document: all of them, or those that hold what is
-- asked for, with the places where it stands. tokens: of a tenant that seals its texts, the words as tokens.
-- before_us and before_id: the last of the page before; null: from the newest. next: the cursor of the page that
-- follows, null at the end.
-- in  before_us bigint?, before_id uuid?, max int, count bool, q text?, tokens jsonb?
-- out doc json, next text?
-- one
with asked as materialized (
    select case when :tokens is not null
                then (select string_agg(quote_literal(w), ' & ')::tsquery from jsonb_array_elements_text(:tokens) w)
                else transcript_query(:q) end as wanted,
           'epoch'::timestamptz + :before_us * interval '1 microsecond' as before_at
), page as materialized (
    select f.id, f.created_at
      from asked a, transcript_find(a.wanted, a.before_at, :before_id, :max + 1) f
     where :q is not null
     union all
    (select t.id, t.created_at
       from transcripts t, asked a
      where :q is null and t.tenant_id = current_tenant()
        and (:before_us is null or (t.created_at, t.id) < (a.before_at, :before_id))
      order by t.created_at desc, t.id desc
      limit :max + 1)
), shown as (
    select id, created_at from page order by created_at desc, id desc limit :max
), next as (
    select case when (select count(*) from page) > :max
                then (select (extract(epoch from created_at) * 1000000)::bigint || '.' || id
                        from shown order by created_at, id limit 1) end as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(json_build_object(
                                        'id', t.id, 'recording_id', t.recording_id, 'call_id', r.call_id,
                                        'version', t.version, 'model', t.model, 'language', t.language,
                                        'hits', case when :q is not null and :tokens is null
                                                     then transcript_hits(t.text, a.wanted) else '[]' end,
                                        'created_at', rfc3339(t.created_at))
                                    order by s.created_at desc, s.id desc)
                               from shown s
                               join transcripts t on t.id = s.id and t.tenant_id = current_tenant()
                               join recordings r on r.id = t.recording_id, asked a), '[]'),
           'next_cursor', next.cursor,
           'total', case when :count and :q is null
                         then (select count(*) from transcripts t where t.tenant_id = current_tenant())
                         when :count
                         then (select count(*) from asked a, transcript_find(a.wanted, null, null, 10000) f)
                    end) as doc,
       next.cursor as next
  from next;
