-- Replaces the words for what came of a call. An empty list gives the usual ones back. Read it again
-- afterwards. noted: false where it is another since the etag was given, and nothing is done.
-- in  doc text, etag text?, actor text, origin text
-- out noted bool
-- one
with old as materialized (
    select :etag is null or strpos(:etag, etag(dispositions_json())) > 0 as same
), told as (
    select x, n
      from old, jsonb_array_elements((:doc::jsonb) -> 'dispositions') with ordinality as e(x, n)
     where old.same
), gone as (
    delete from dispositions d
     using old
     where old.same and d.tenant_id = current_tenant()
       and d.word not in (select x ->> 'word' from told where x ->> 'word' is not null)
), come as (
    insert into dispositions (tenant_id, word, position, do_not_call, asks_time, lead_status)
    select current_tenant(), x ->> 'word', n, coalesce((x ->> 'do_not_call')::boolean, false),
           coalesce((x ->> 'asks_time')::boolean, false), x ->> 'lead_status'
      from told
    on conflict (tenant_id, word) do update
       set position = excluded.position, do_not_call = excluded.do_not_call, asks_time = excluded.asks_time,
           lead_status = excluded.lead_status
    returning word
)
select case when old.same
            then audit_add(:actor, 'dispositions.set', 'dispositions',
                           jsonb_build_object('old', dispositions_json() -> 'dispositions',
                                              'new', (:doc::jsonb) -> 'dispositions'),
                           :origin) > 0
                 and (select count(*) from come) >= 0
            else false end as noted
  from old;
