-- Replaces the rules that say what sort of lead a call is. Read it again afterwards. noted: false where it
-- is another since the etag was given, and nothing is done.
-- in  doc text, etag text?, actor text, origin text
-- out noted bool
-- one
with old as materialized (
    select :etag is null or strpos(:etag, etag(lead_rules_json())) > 0 as same
), told as (
    select x, n::integer as n
      from old, jsonb_array_elements((:doc::jsonb) -> 'rules') with ordinality as e(x, n)
     where old.same
), gone as (
    delete from lead_rules r
     using old
     where old.same and r.tenant_id = current_tenant() and r.position > (select count(*) from told)
), come as (
    insert into lead_rules (tenant_id, position, status, min_talk_seconds, max_talk_seconds, min_prior_calls, outcome,
                            disposition, source, country, tag)
    select current_tenant(), n, x ->> 'status', (x ->> 'min_talk_seconds')::integer,
           (x ->> 'max_talk_seconds')::integer, (x ->> 'min_prior_calls')::integer, x ->> 'outcome',
           x ->> 'disposition', x ->> 'source', x ->> 'country', x ->> 'tag'
      from told
    on conflict (tenant_id, position) do update
       set status = excluded.status, min_talk_seconds = excluded.min_talk_seconds,
           max_talk_seconds = excluded.max_talk_seconds, min_prior_calls = excluded.min_prior_calls,
           outcome = excluded.outcome, disposition = excluded.disposition, source = excluded.source,
           country = excluded.country, tag = excluded.tag
    returning position
)
select case when old.same
            then audit_add(:actor, 'leadrules.set', 'rules',
                           jsonb_build_object('old', lead_rules_json() -> 'rules', 'new', (:doc::jsonb) -> 'rules'),
                           :origin) > 0
                 and (select count(*) from come) >= 0
            else false end as noted
  from old;
