-- Records how a promised purchase ended. bought: the number is the tenant's from now on, for whom it was bought; it may
-- have been adopted meanwhile. failed gives the key of the request free again. drift: what Twilio's answer says of it.
-- in  id uuid, state text, twilio_sid text?, twilio_code int?, reason text?, drift text?
-- out settled bool, number_id uuid?
-- one
with p as materialized (
    select p.id, p.tenant_id, p.state, p.e164, p.number_type, p.capabilities, p.monthly_price, p.currency,
           p.bundle_sid, p.address_sid, p.user_id, p.client_id, p.forward_to, p.fallback_name, p.actor
      from number_purchases p
     where p.tenant_id = current_tenant() and p.id = :id and p.state in ('looking', 'sending', 'unknown')
       for no key update
), known as (
    select n.id from numbers n, p
     where :state = 'bought' and n.tenant_id = current_tenant() and n.e164 = p.e164 and n.released_at is null
), n as (
    insert into numbers (tenant_id, e164, twilio_sid, user_id, client_id, forward_to, number_type, capabilities,
                         monthly_price, currency, bundle_sid, address_sid, fallback_name)
    select p.tenant_id, p.e164, :twilio_sid, p.user_id, p.client_id, p.forward_to, p.number_type, p.capabilities,
           p.monthly_price, p.currency, p.bundle_sid, p.address_sid, p.fallback_name
      from p
     where :state = 'bought' and not exists (select from known)
    returning id, tenant_id, e164, user_id
), s as (
    insert into user_voip_settings (user_id, tenant_id, assigned_phone_number, caller_id_number)
    select n.user_id, n.tenant_id, n.e164, n.e164 from n where n.user_id is not null
    on conflict (user_id) do update
       set assigned_phone_number = excluded.assigned_phone_number, caller_id_number = excluded.caller_id_number
), h as (
    insert into number_health (number_id, tenant_id, checked_at, drift)
    select n.id, n.tenant_id, now(), :drift::jsonb from n where :drift is not null
), u as (
    update number_purchases
       set state = :state, twilio_sid = :twilio_sid, twilio_code = :twilio_code, reason = left(:reason, 500),
           number_id = coalesce((select id from n), (select id from known)),
           settled_at = case when :state <> 'unknown' then now() end,
           idem_key = case when :state <> 'failed' then number_purchases.idem_key end
      from p
     where number_purchases.id = p.id and number_purchases.tenant_id = p.tenant_id
    returning number_purchases.number_id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, hash)
    select p.tenant_id, 0, p.actor, case :state when 'bought' then 'number.bought' else 'number.not_bought' end,
           p.e164, jsonb_strip_nulls(jsonb_build_object('purchase', p.id, 'sid', :twilio_sid, 'reason', :reason)), ''
      from p
     where :state <> 'unknown' and p.state <> 'looking'
)
select exists (select from u) as settled, (select number_id from u) as number_id;
