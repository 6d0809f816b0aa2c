-- A number that is due to be given back: locked against a new assignment until the end of the transaction, asked again
-- because somebody may have got it meanwhile. No row: it stays.
-- in  id uuid
-- out e164 text, twilio_sid text?
-- maybe
select n.e164::text, n.twilio_sid
  from numbers n
 where n.tenant_id = current_tenant() and n.id = :id and n.released_at is null and n.release_asked_at is not null
   and n.cooling_until <= now() and number_holders(n) is null;
