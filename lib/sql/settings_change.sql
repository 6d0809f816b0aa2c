-- Changes the tenant's settings: members of the patch, whose shapes were checked; null gives the default back.
-- verdict: done, stale (another since the etag was given), time_zone or default_number (there is no such),
-- calling_hours or holidays (not written as they are).
-- in  patch jsonb, etag text?, actor text, origin text
-- out verdict text, doc json?
-- one
with old as (
    select t as was,
           to_jsonb(t) || (select coalesce(jsonb_object_agg(p.key, case when p.value = 'null' then
                                                 coalesce(settings_default() -> p.key, 'null') else p.value end), '{}')
                             from jsonb_each(:patch) p) as want
      from tenants t
     where t.id = current_tenant()
       for no key update
), v as (
    select case when :etag is not null and strpos(:etag, etag(settings_json(o.was))) = 0 then 'stale'
                when :patch ? 'time_zone'
                     and not exists (select from pg_timezone_names z where z.name = o.want ->> 'time_zone')
                then 'time_zone'
                when :patch ? 'default_number' and o.want ->> 'default_number' is not null
                     and not exists (select from numbers n
                                      where n.tenant_id = current_tenant() and n.e164 = o.want ->> 'default_number')
                then 'default_number'
                when o.want ->> 'calling_hours' <> 'law' and not plan_valid(o.want ->> 'calling_hours')
                then 'calling_hours'
                when not days_valid(o.want ->> 'holidays') then 'holidays'
                else 'done' end as verdict
      from old o
), t as (
    update tenants as n
       set name = w.name, time_zone = w.time_zone, country = w.country, language = w.language, voice = w.voice,
           greeting = w.greeting, connecting = w.connecting, disclosure_mode = w.disclosure_mode,
           disclosure = w.disclosure, disclosure_question = w.disclosure_question,
           disclosure_goodbye = w.disclosure_goodbye, disclosure_refused = w.disclosure_refused,
           disclosure_agents = w.disclosure_agents, unanswered = w.unanswered, record = w.record,
           transcribe = w.transcribe,
           transcribe_over_seconds = w.transcribe_over_seconds, ring_timeout_seconds = w.ring_timeout_seconds,
           default_number = w.default_number, encrypt_metadata = w.encrypt_metadata,
           calling_hours = w.calling_hours, holidays = w.holidays, consent_mode = w.consent_mode,
           abandoned_seconds = w.abandoned_seconds, answer_within_seconds = w.answer_within_seconds,
           wrap_up_seconds = w.wrap_up_seconds, disposition_required = w.disposition_required
      from old o, v, jsonb_populate_record(null::tenants, o.want) w
     where v.verdict = 'done' and n.id = current_tenant()
    returning n as made
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'settings.change', 'settings',
           json_build_object('old', settings_json(o.was), 'new', settings_json(t.made)), left(:origin, 100), ''
      from t, old o
)
select v.verdict, (select settings_json(t.made) from t) as doc
  from v;
