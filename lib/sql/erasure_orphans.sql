-- Deliveries of calls that never came, sealed, up to a moment, behind a digest.
-- in  after uuid?, until_us bigint, max int
-- out digest uuid, raw bytea
-- many
select digest, raw
  from webhook_events
 where tenant_id = current_tenant() and call_id is null and raw <> ''
   and received_at <= 'epoch'::timestamptz + :until_us * interval '1 microsecond'
   and digest > coalesce(:after, '00000000-0000-0000-0000-000000000000')
 order by digest
 limit :max;
