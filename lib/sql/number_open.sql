-- Finds the first of equal requests for a number, or begins a purchase. verdict: open; again, running, reused (there
-- was such a request); stopped (the kill switch); not_configured; user, client (unknown); owned (the number is ours).
-- Comes after number_lock, in its transaction.
-- in  id uuid, e164 text?, user_id uuid?, client text?, client_id uuid?, forward_to text?, idem_key text?
-- in  request_hash bytea, actor text
-- out verdict text, id uuid, state text?, e164 text?, number_id uuid?, twilio_sid text?, twilio_code int?, reason text?
-- out country text, fallback_name text?
-- one
with me as (
    select id, country, dial_stopped_at from tenants where id = current_tenant()
), earlier as (
    select p.id, p.state, p.request_hash, p.e164, p.number_id, p.twilio_sid, p.twilio_code, p.reason
      from number_purchases p
     where p.tenant_id = current_tenant()
       and (:idem_key is not null and p.idem_key = :idem_key
            or :idem_key is null and p.request_hash = :request_hash and p.state <> 'failed'
               and p.created_at > now() - interval '60 seconds')
     order by p.created_at desc
     limit 1
), client as (
    select id from clients where tenant_id = current_tenant() and (id = :client_id or external_id = :client) limit 1
), v as (
    select case when e.request_hash <> :request_hash then 'reused'
                when e.state in ('looking', 'sending') then 'running'
                when e.state is not null then 'again'
                when me.dial_stopped_at is not null then 'stopped'
                when not exists (select from twilio_configurations where tenant_id = current_tenant())
                     then 'not_configured'
                when :user_id is not null
                     and not exists (select from users
                                      where tenant_id = current_tenant() and id = :user_id and disabled_at is null)
                     then 'user'
                when :client is not null and not exists (select from client) then 'client'
                when exists (select from numbers
                              where tenant_id = current_tenant() and e164 = :e164 and released_at is null) then 'owned'
                else 'open' end as word
      from me
      left join earlier e on true
), p as (
    insert into number_purchases (id, tenant_id, e164, user_id, client_id, forward_to, idem_key, request_hash, actor)
    select :id, me.id, :e164, :user_id, (select id from client), :forward_to, :idem_key, :request_hash,
           left(:actor, 200)
      from v, me
     where v.word = 'open'
    returning fallback_name
)
select v.word as verdict, coalesce(e.id, :id) as id, e.state, e.e164::text, e.number_id, e.twilio_sid, e.twilio_code,
       e.reason, me.country, (select fallback_name from p) as fallback_name
  from me
  join v on true
  left join earlier e on true;
