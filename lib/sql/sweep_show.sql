-- How the tenant's work stands, as the API's document: hosts and when they were last seen, jobs that are not done by
-- kind and state, alarms of the last month.
-- out doc json
-- one
select json_build_object(
           'hosts', coalesce((select json_agg(json_build_object('host', s.host, 'started_at', rfc3339(s.started_at),
                                                  'seen_at', rfc3339(s.seen_at), 'jobs_done', s.jobs_done)
                                              order by s.host) from sweeps s), '[]'),
           'jobs', coalesce((select json_agg(json_build_object(
                                        'kind', g.kind, 'state', g.state, 'cause', g.cause, 'jobs', g.n,
                                        'reason', g.reason, 'oldest_at', rfc3339(g.oldest),
                                        'next_attempt_at', case when g.state <> 'dead' then rfc3339(g.next) end)
                                    order by g.kind, g.state, g.cause)
                               from (select kind, state, cause, count(*) as n, min(created_at) as oldest,
                                            min(due_at) as next, max(reason) as reason
                                       from jobs
                                      where tenant_id = current_tenant() and state <> 'done'
                                      group by kind, state, cause) g), '[]'),
           'alarms', coalesce((select json_agg(json_build_object(
                                          'id', a.id, 'cause', a.cause, 'reason', a.reason, 'count', a.n,
                                          'first_at', rfc3339(a.first_at), 'last_at', rfc3339(a.last_at),
                                          'cleared_at', rfc3339(a.cleared_at)) order by a.first_at desc, a.id desc)
                                 from (select id, cause, reason, n, first_at, last_at, cleared_at
                                         from alarms
                                        where tenant_id = current_tenant() and first_at > now() - interval '30 days'
                                        order by first_at desc, id desc limit 100) a), '[]')) as doc;
