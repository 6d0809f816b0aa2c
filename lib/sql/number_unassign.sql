-- Takes a number from whoever has it; it cools down for those who know it. No row: not this tenant's, or none.
-- in  id uuid?, e164 text?, actor text, origin text?
-- out doc json
-- maybe
with old as materialized (
    select n.id, number_json(n) as was, number_state(n) as state
      from numbers n
     where n.tenant_id = current_tenant() and (n.id = :id or n.e164 = :e164) and n.released_at is null
       for no key update
), n as (
    update numbers
       set user_id = null, client_id = null, campaign_id = null, pool = null, forward_to = null,
           cooling_until = case when old.state = 'assigned' then now() + t.number_cool_down_days * interval '1 day'
                                else numbers.cooling_until end
      from old, tenants t
     where numbers.id = old.id and numbers.tenant_id = current_tenant() and t.id = numbers.tenant_id
    returning numbers as made, numbers.tenant_id, numbers.e164
), o as (
    update user_voip_settings
       set assigned_phone_number = nullif(user_voip_settings.assigned_phone_number, n.e164::text),
           caller_id_number = nullif(user_voip_settings.caller_id_number, n.e164::text)
      from n
     where user_voip_settings.tenant_id = n.tenant_id
       and n.e164 in (user_voip_settings.assigned_phone_number, user_voip_settings.caller_id_number)
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select n.tenant_id, 0, left(:actor, 200), 'number.unassign', n.e164,
           jsonb_build_object('old', old.was, 'new', number_json(n.made)), left(:origin, 100), ''
      from n, old
)
select number_json(n.made) as doc from n;
