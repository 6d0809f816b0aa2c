-- The tenant's numbers, one of them or all, as Twilio should have them.
-- in  id uuid?, e164 text?
-- out id uuid, e164 text, twilio_sid text?, fallback_name text
-- many
select id, e164::text, twilio_sid, fallback_name
  from numbers
 where tenant_id = current_tenant() and released_at is null and (:id is null or id = :id)
   and (:e164 is null or e164 = :e164)
 order by e164
 limit 20000;
