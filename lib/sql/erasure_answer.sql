-- What Twilio has answered about a copy; a recording may be one that only Twilio knew of.
-- in  erasure uuid, kind text, sid text, answer text
-- none
insert into erasure_copies as c (erasure_id, tenant_id, kind, sid, answer)
values (:erasure, current_tenant(), :kind, :sid, :answer)
on conflict (erasure_id, kind, sid) do update set answer = excluded.answer where c.answer is null;
