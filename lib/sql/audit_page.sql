-- A page of the tenant's audit, newest first, as the API's document. before: seq of the last entry of the page before;
-- null: from the newest. action: "user.change", or "user" for all of them. next: the cursor of the page that follows.
-- in  before bigint?, max int, actor text?, action text?, object text?, since timestamptz?, until timestamptz?
-- out doc json, next text?
-- one
with page as (
    select e, e.seq
      from audit_entries e
     where e.tenant_id = current_tenant() and (:before is null or e.seq < :before)
       and (:actor is null or e.actor = :actor) and (:object is null or e.object = :object)
       and (:action is null or e.action = :action or split_part(e.action, '.', 1) = :action)
       and (:since is null or e.created_at >= :since) and (:until is null or e.created_at < :until)
     order by e.seq desc
     limit :max + 1
), shown as (
    select e, seq from page order by seq desc limit :max
), next as (
    select case when (select count(*) from page) > :max then (select min(seq) from shown)::text end as cursor
)
select json_build_object('data', coalesce((select json_agg(audit_json(s.e) order by s.seq desc) from shown s), '[]'),
                         'next_cursor', next.cursor) as doc,
       next.cursor as next
  from next;
