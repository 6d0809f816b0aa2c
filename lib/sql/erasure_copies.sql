-- What is to be deleted at Twilio for an erasure, besides recordings, behind a sid.
-- in  erasure uuid, after text, max int
-- out kind text, sid text
-- many
select kind, sid from erasure_copies
 where tenant_id = current_tenant() and erasure_id = :erasure and kind <> 'recording' and answer is null
   and sid > :after
 order by sid
 limit :max;
