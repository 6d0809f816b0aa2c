-- A number that serves a tenant, with the user or client it belongs to. problem: user or client are unknown;
-- null: added.
-- in  tenant_id uuid, e164 text, forward_to text?, greeting text?, twilio_sid text?, email text?, client text?
-- in  client_id uuid?, actor text
-- out id uuid?, problem text?
-- one
with u as (
    select id from users where tenant_id = :tenant_id and email = lower(:email)
), k as (
    select id
      from clients
     where tenant_id = :tenant_id and deleted_at is null and (id = :client_id or external_id = :client)
     limit 1
), v as (
    select case when :email is not null and not exists (select from u) then 'user'
                when :client is not null and not exists (select from k) then 'client' end as problem
), n as (
    insert into numbers (tenant_id, e164, forward_to, greeting, twilio_sid, user_id, client_id)
    select :tenant_id, :e164, :forward_to, :greeting, :twilio_sid, (select id from u), (select id from k)
      from v
     where problem is null
    returning id, tenant_id, e164
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, hash)
    select tenant_id, 0, left(:actor, 200), 'number.add', e164, '' from n
)
select (select id from n) as id, v.problem from v;
