-- What has been stored after a cursor, in the order of transactions; only what no transaction still under way can come
-- before. after_xid is null: nothing, and the cursor from which on things are to come. fresh: is there anything?
-- in  after_xid bigint?, after_id uuid?, max int
-- out doc json, next text, fresh bool
-- one
with done as (
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xid
), page as (
    select e.xid, e.digest, e.event_type, e.kind, e.call_id, e.call_sid, e.received_at
      from webhook_events e, done
     where e.tenant_id = current_tenant() and e.xid >= :after_xid and (e.xid, e.digest) > (:after_xid, :after_id)
       and e.xid < done.xid
     order by e.xid, e.digest
     limit :max
), next as (
    select coalesce((select xid || '.' || digest from page order by xid desc, digest desc limit 1),
                    :after_xid || '.' || :after_id,
                    (select xid - 1 || '.ffffffff-ffff-ffff-ffff-ffffffffffff' from done)) as cursor
)
select json_build_object(
           'data', coalesce((select json_agg(json_build_object(
                                        'id', digest, 'type', event_type, 'kind', kind, 'call_id', call_id,
                                        'call_sid', nullif(call_sid, ''), 'received_at', rfc3339(received_at))
                                    order by xid, digest) from page), '[]'),
           'next_cursor', next.cursor) as doc,
       next.cursor as next, exists (select from page) as fresh
  from next;
