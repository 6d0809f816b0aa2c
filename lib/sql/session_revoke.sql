-- Ends sessions of a user: the one of that id, or all of them.
-- in  user_id uuid, id uuid?, actor text, origin text
-- out ended bigint
-- one
with s as (
    delete from sessions
     where tenant_id = current_tenant() and user_id = :user_id and (:id is null or id = :id)
    returning id, origin, agent, created_at
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, :actor, 'session.revoke', coalesce(:id::text, :user_id::text),
           json_build_object(
               'ended', count(*),
               'old', json_agg(json_build_object('id', s.id, 'origin', s.origin, 'agent', s.agent,
                                                 'created_at', rfc3339(s.created_at)) order by s.id)),
           left(:origin, 100), ''
      from s
    having count(*) > 0
)
select count(*) as ended from s;
