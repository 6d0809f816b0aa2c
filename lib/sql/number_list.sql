-- The tenant's numbers for the operator: whose they are, what they cost, and whether Twilio has them as it should.
-- out e164 text, state text, holders text?, forward_to text?, rent text?, health text
-- many
select n.e164::text, number_state(n) as state, number_holders(n) as holders, n.forward_to::text,
       n.monthly_price::text || ' ' || coalesce(n.currency, '') as rent, number_health_json(n) ->> 'status' as health
  from numbers n
 where n.tenant_id = current_tenant() and n.released_at is null
 order by n.e164
 limit 10000;
