-- Where a call to each number goes, for the time when the database does not answer.
-- out tenant_id uuid, e164 text, say text?, dial_to text?, caller_id text?, ring_timeout_s int, voice text?
-- out language text
-- out unanswered text, countries text, fallback_name text
-- many
select r.tenant_id, r.e164, r.greeting as say, r.forward_to as dial_to, r.caller_id,
       r.ring_timeout_seconds as ring_timeout_s, t.voice, t.language, t.unanswered,
       t.dial_countries as countries, n.fallback_name
  from number_routes r
  join numbers n on n.id = r.number_id
  join tenants t on t.id = r.tenant_id
 where t.disabled_at is null
 order by r.e164, r.tenant_id
 limit 1000000;
