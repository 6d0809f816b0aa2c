-- Gives a number to a user, a client, a campaign, a pool, or several of them at once; whoever had it has it no more.
-- forward_to: null leaves the phone to that of the client or user. A user's settings name it, as the printed SQL does.
-- verdict: done; absent; nobody (is named); disabled; user, client, campaign (unknown); forward_to (to itself).
-- in  id uuid?, e164 text?, user_id uuid?, client text?, client_id uuid?, campaign text?, campaign_id uuid?, pool text?
-- in  forward_to text?, actor text, origin text?
-- out verdict text, doc json?
-- one
with old as materialized (
    select n.id, n.e164, n.disabled_at, number_json(n) as was
      from numbers n
     where n.tenant_id = current_tenant() and (n.id = :id or n.e164 = :e164) and n.released_at is null
       for no key update
), client as (
    select id from clients where tenant_id = current_tenant() and (id = :client_id or external_id = :client) limit 1
), campaign as (
    select id
      from campaigns
     where tenant_id = current_tenant() and (id = :campaign_id or external_id = :campaign)
     limit 1
), v as (
    select case when not exists (select from old) then 'absent'
                when coalesce(:user_id::text, :client, :campaign, :pool) is null then 'nobody'
                when exists (select from old where disabled_at is not null) then 'disabled'
                when :user_id is not null
                     and not exists (select from users
                                      where tenant_id = current_tenant() and id = :user_id and disabled_at is null)
                     then 'user'
                when :client is not null and not exists (select from client) then 'client'
                when :campaign is not null and not exists (select from campaign) then 'campaign'
                when :forward_to = (select e164 from old) then 'forward_to'
                else 'done' end as word
), n as (
    update numbers
       set user_id = :user_id, client_id = (select id from client), campaign_id = (select id from campaign),
           pool = :pool, forward_to = :forward_to, cooling_until = null, release_asked_at = null
      from old, v
     where numbers.id = old.id and numbers.tenant_id = current_tenant() and v.word = 'done'
    returning numbers as made, numbers.id, numbers.tenant_id, numbers.e164, numbers.user_id
), s as (
    insert into user_voip_settings (user_id, tenant_id, assigned_phone_number, caller_id_number)
    select n.user_id, n.tenant_id, n.e164, n.e164 from n where n.user_id is not null
    on conflict (user_id) do update
       set assigned_phone_number = excluded.assigned_phone_number, caller_id_number = excluded.caller_id_number
), o as (
    update user_voip_settings
       set assigned_phone_number = null,
           caller_id_number = nullif(user_voip_settings.caller_id_number, n.e164::text)
      from n
     where user_voip_settings.tenant_id = n.tenant_id and user_voip_settings.assigned_phone_number = n.e164
       and user_voip_settings.user_id is distinct from n.user_id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select n.tenant_id, 0, left(:actor, 200), 'number.assign', n.e164,
           jsonb_build_object('old', old.was, 'new', number_json(n.made)), left(:origin, 100), ''
      from n, old
)
select v.word as verdict, (select number_json(n.made) from n) as doc from v;
