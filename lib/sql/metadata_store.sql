-- Rows of a place as they shall stand; null: that column stays. was_a and was_b: what they held when they were read; a
-- row that somebody has changed meanwhile, or holds at this moment, is left to the next pass, so that nobody waits for
-- us while we wait for him. A delivery that came once more meanwhile keeps the digest that it had; a conversation that
-- somebody has opened anew meanwhile is closed.
-- in  place text, id uuid?, sid text?, a text?, b text?, c text?, d text?, raw bytea?, digest uuid?, was_a text?
-- in  was_b text?
-- batch
with e as materialized (
    select e.place, e.id, e.sid, e.a, e.b, e.c, e.d, e.raw, e.digest, e.was_a, e.was_b from :rows
), free_call as (
    select x.id from calls x join e on e.place = 'calls' and x.id = e.id and x.tenant_id = current_tenant()
       for update of x skip locked
), call as (
    update calls x
       set from_number = coalesce(e.a, x.from_number), to_number = coalesce(e.b, x.to_number),
           customer_number = coalesce(e.c, x.customer_number)
      from e join free_call f on f.id = e.id
     where x.id = e.id and x.tenant_id = current_tenant()
), free_leg as (
    select x.sid from call_legs x join e on e.place = 'legs' and x.sid = e.sid and x.tenant_id = current_tenant()
       for update of x skip locked
), leg as (
    update call_legs x
       set endpoint = coalesce(e.a, x.endpoint)
      from e join free_leg f on f.sid = e.sid
     where x.sid = e.sid and x.tenant_id = current_tenant() and x.endpoint is not distinct from e.was_a
), free_intent as (
    select x.call_id
      from call_intents x join e on e.place = 'intents' and x.call_id = e.id and x.tenant_id = current_tenant()
       for update of x skip locked
), intent as (
    update call_intents x
       set to_number = coalesce(e.a, x.to_number), message = coalesce(e.b, x.message),
           reason = coalesce(e.c, x.reason), links = coalesce(e.d::jsonb, x.links)
      from e join free_intent f on f.call_id = e.id
     where x.call_id = e.id and x.tenant_id = current_tenant()
), free_contact as (
    select x.id from contacts x join e on e.place = 'contacts' and x.id = e.id and x.tenant_id = current_tenant()
       for update of x skip locked
), contact as (
    update contacts x
       set phone_number = coalesce(e.a, x.phone_number), name = coalesce(e.b, x.name)
      from e join free_contact f on f.id = e.id
     where x.id = e.id and x.tenant_id = current_tenant()
       and (x.phone_number, x.name) is not distinct from (e.was_a, e.was_b)
), free_conversation as (
    select x.id
      from conversations x join e on e.place = 'conversations' and x.id = e.id and x.tenant_id = current_tenant()
       for update of x skip locked
), conversation as (
    update conversations x
       set customer_number = coalesce(e.a, x.customer_number),
           closed_at = case when exists (select from conversations o
                                          where o.customer_number = e.a and o.tenant_id = x.tenant_id
                                            and o.campaign_id is not distinct from x.campaign_id
                                            and o.closed_at is null and o.id <> x.id)
                            then coalesce(x.closed_at, now()) else x.closed_at end
      from e join free_conversation f on f.id = e.id
     where x.id = e.id and x.tenant_id = current_tenant() and x.customer_number is not distinct from e.was_a
), transcript as (
    update transcripts x
       set text = coalesce(e.a, x.text), segments = coalesce(e.b::jsonb, x.segments)
      from e
     where e.place = 'transcripts' and x.id = e.id and x.tenant_id = current_tenant()
), analysis as (
    update analyses x
       set summary = coalesce(e.a, x.summary), action_items = coalesce(e.b::jsonb, x.action_items),
           topics = coalesce(e.c::jsonb, x.topics)
      from e
     where e.place = 'analyses' and x.id = e.id and x.tenant_id = current_tenant()
), free_event as (
    select x.digest
      from webhook_events x join e on e.place = 'events' and x.digest = e.id and x.tenant_id = current_tenant()
       for update of x skip locked
)
update webhook_events x
   set raw = e.raw,
       digest = case when exists (select from webhook_events o
                                   where o.digest = e.digest and (o.tenant_id = current_tenant()) is true)
                     then x.digest else e.digest end
  from e join free_event f on f.digest = e.id
 where x.digest = e.id and x.tenant_id = current_tenant();
