-- Deliveries as they came. A repeat is the same row; of an erased call nothing is kept.
-- in  tenant_id uuid, digest uuid, kind text, event_type text, call_sid text, received_ms bigint, raw bytea
-- batch
insert into webhook_events (tenant_id, digest, kind, event_type, call_sid, call_id, received_at, raw)
select e.tenant_id, e.digest, e.kind, e.event_type, e.call_sid, l.call_id, to_timestamp(e.received_ms / 1000.0), e.raw
  from :rows
  left join call_legs l on l.tenant_id = e.tenant_id and l.sid = e.call_sid
 where l.erased is not true
on conflict (tenant_id, digest) do nothing;
