-- What Twilio has answered about a copy.
-- in  erasure uuid, kind text, sid text, answer text
-- none
update erasure_copies set answer = :answer
 where tenant_id = current_tenant() and erasure_id = :erasure and kind = :kind and sid = :sid;
