-- Notes, tags, disposition, follow-up, value and lead status of a call, by a checked body; what is absent stays. A
-- disposition may ask for a time, forbid further calls, and say what sort of lead it is; rules may say that too, but
-- never over a person. The audit, from which nothing is erased, has no notes. verdict: changed; stale; disposition
-- (no such word), follow_up_at (it needs a time), value (a value needs its currency), transcribe (too late: there is a
-- text, or a model is at it). No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select :doc::jsonb as d
), old as materialized (
    select c.id, call_row_json(c) as was, c.follow_up_at, c.value, c.value_currency, c.disposition, c.customer_number,
           :etag is null or strpos(:etag, etag(call_row_json(c))) > 0 as same
      from calls c
     where c.tenant_id = current_tenant() and c.id = :id
       for no key update
), chosen as (
    select k.* from body b, dispositions_known() k where k.word = b.d ->> 'disposition'
), v as (
    select old.id,
           case when not old.same then 'stale'
                when b.d ->> 'disposition' is not null and not exists (select from chosen) then 'disposition'
                when (select asks_time from chosen)
                     and (case when b.d ? 'follow_up_at' then b.d ->> 'follow_up_at' else old.follow_up_at::text end)
                         is null then 'follow_up_at'
                when (case when b.d ? 'value' then b.d ->> 'value' else old.value::text end is null)
                     <> (case when b.d ? 'value_currency' then b.d ->> 'value_currency' else old.value_currency end
                         is null) then 'value'
                when b.d ? 'transcribe'
                     and exists (select from recordings r
                                  where r.call_id = old.id and r.tenant_id = current_tenant()
                                    and r.transcription_status in ('processing', 'completed')) then 'transcribe'
                else 'changed' end as verdict
      from old, body b
), changed as (
    update calls c
       set notes          = case when d ? 'notes' then d ->> 'notes' else c.notes end,
           tags           = case when d ? 'tags'
                                 then array(select distinct t from jsonb_array_elements_text(
                                                case when jsonb_typeof(d -> 'tags') = 'array' then d -> 'tags'
                                                     else '[]' end) t where length(t) between 1 and 100 order by t)
                                 else c.tags end,
           disposition    = case when d ? 'disposition' then d ->> 'disposition' else c.disposition end,
           follow_up_at   = case when d ? 'follow_up_at' then (d ->> 'follow_up_at')::timestamptz
                                 else c.follow_up_at end,
           value          = case when d ? 'value' then (d ->> 'value')::numeric else c.value end,
           transcribe     = case when d ? 'transcribe' then (d ->> 'transcribe')::boolean else c.transcribe end,
           value_currency = case when d ? 'value_currency' then d ->> 'value_currency' else c.value_currency end,
           lead_status    = case when d ? 'lead_status' then d ->> 'lead_status'
                                 when (select lead_status from chosen) is not null
                                      and c.lead_set_by is distinct from 'person' then (select lead_status from chosen)
                                 else c.lead_status end,
           lead_set_by    = case when d ? 'lead_status' then case when d ->> 'lead_status' is not null then 'person' end
                                 when (select lead_status from chosen) is not null
                                      and c.lead_set_by is distinct from 'person' then 'rule'
                                 else c.lead_set_by end
      from body b, v
     where c.id = v.id and c.tenant_id = current_tenant() and v.verdict = 'changed'
    returning call_row_json(c) as doc
), dnc as materialized (
    select do_not_call(old.customer_number, :actor)::text as done
      from old, chosen, changed
     where chosen.do_not_call and old.disposition is distinct from chosen.word
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'call.note', old.id,
           jsonb_build_object('members', (select jsonb_agg(k) from jsonb_object_keys(b.d) k),
               'old', (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(old.was::jsonb)
                        where b.d ? key and key <> 'notes'),
               'new', (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(changed.doc::jsonb)
                        where b.d ? key and key <> 'notes')), left(:origin, 100), ''
      from changed, old, body b
)
select v.verdict, (select doc from changed where (select count(*) from dnc) >= 0) as doc from v;
