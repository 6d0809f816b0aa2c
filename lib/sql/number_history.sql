-- Who had a number when, newest first, at most 100. No row: not this tenant's, or none.
-- in  id uuid
-- out doc json
-- maybe
select json_build_object('data', coalesce((select json_agg(json_build_object(
                                   'id', a.id, 'user_id', a.user_id, 'client_id', a.client_id,
                                   'campaign_id', a.campaign_id, 'pool', a.pool, 'forward_to', a.forward_to,
                                   'from_at', rfc3339(a.from_at), 'to_at', rfc3339(a.to_at))
                                   order by a.from_at desc, a.id desc)
                                     from (select id, user_id, client_id, campaign_id, pool, forward_to, from_at, to_at
                                             from number_assignments
                                            where number_id = n.id and tenant_id = n.tenant_id
                                            order by from_at desc, id desc
                                            limit 100) a), '[]'),
                         'next_cursor', null) as doc
  from numbers n
 where n.tenant_id = current_tenant() and n.id = :id and n.released_at is null;
