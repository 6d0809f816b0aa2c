-- Rows of a place as they shall stand; null: that column stays. was_a and was_b: what they held when they were read; a
-- row that somebody has changed meanwhile, or holds at this moment, is left to the next pass, so that nobody waits for
-- us while we wait for him. A delivery that came once more meanwhile keeps the digest that it had; a conversation that
-- somebody has opened anew meanwhile is closed, and a number that is on a list as both stays there once.
-- in  place text, id uuid?, sid text?, a text?, b text?, c text?, d text?, raw bytea?, digest uuid?, was_a text?
-- in  was_b text?
-- batch
with e as materialized (
    select e.place, e.id, e.sid, e.a, e.b, e.c, e.d, e.raw, e.digest, e.was_a, e.was_b from :rows
), free_call as (
    select x.id, e.a, e.b, e.c
      from e join calls x on x.id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'calls'
       for no key update of x skip locked
), call as (
    update calls x
       set from_number = coalesce(f.a, x.from_number), to_number = coalesce(f.b, x.to_number),
           customer_number = coalesce(f.c, x.customer_number)
      from free_call f
     where x.id = f.id
), free_leg as (
    select x.sid, x.tenant_id, e.a
      from e join call_legs x on x.sid = e.sid and x.tenant_id = current_tenant()
     where e.place = 'legs' and x.endpoint is not distinct from e.was_a
       for no key update of x skip locked
), leg as (
    update call_legs x
       set endpoint = coalesce(f.a, x.endpoint)
      from free_leg f
     where x.sid = f.sid and x.tenant_id = f.tenant_id
), free_intent as (
    select x.call_id, e.a, e.b, e.c, e.d
      from e join call_intents x on x.call_id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'intents'
       for no key update of x skip locked
), intent as (
    update call_intents x
       set to_number = coalesce(f.a, x.to_number), message = coalesce(f.b, x.message),
           reason = coalesce(f.c, x.reason), links = coalesce(f.d::jsonb, x.links)
      from free_intent f
     where x.call_id = f.call_id
), free_contact as (
    select x.id, e.a, e.b
      from e join contacts x on x.id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'contacts' and (x.phone_number, x.name) is not distinct from (e.was_a, e.was_b)
       for no key update of x skip locked
), contact as (
    update contacts x
       set phone_number = coalesce(f.a, x.phone_number), name = coalesce(f.b, x.name)
      from free_contact f
     where x.id = f.id
), free_conversation as (
    select x.id, e.a
      from e join conversations x on x.id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'conversations' and x.customer_number is not distinct from e.was_a
       for no key update of x skip locked
), conversation as (
    update conversations x
       set customer_number = coalesce(f.a, x.customer_number),
           closed_at = case when exists (select from conversations o
                                          where o.customer_number = f.a and o.tenant_id = x.tenant_id
                                            and o.campaign_id is not distinct from x.campaign_id
                                            and o.closed_at is null and o.id <> x.id)
                            then coalesce(x.closed_at, now()) else x.closed_at end
      from free_conversation f
     where x.id = f.id
), free_entry as (
    select x.id, e.a, e.b,
           exists (select from dnc_entries o
                    where o.tenant_id = x.tenant_id and o.number = e.a and o.list_id = x.list_id) as twice
      from e join dnc_entries x on x.id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'listed'
       for no key update of x skip locked
), twice as (
    delete from dnc_entries x using free_entry f where x.id = f.id and f.twice
), entry as (
    update dnc_entries x
       set number = coalesce(f.a, x.number), reason = coalesce(f.b, x.reason)
      from free_entry f
     where x.id = f.id and not f.twice
), consent as (
    update consent_records x
       set number = coalesce(e.a, x.number), evidence = coalesce(e.b::jsonb, x.evidence)
      from e
     where e.place = 'consents' and x.id = e.id and (x.tenant_id = current_tenant()) is true
), free_command as (
    select x.id, e.a, e.b
      from e join call_commands x on x.id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'commands' and x.reason is not distinct from e.was_b
       for no key update of x skip locked
), command as (
    update call_commands x
       set target = coalesce(f.a, x.target), reason = coalesce(f.b, x.reason)
      from free_command f
     where x.id = f.id
), free_control as (
    select x.call_id, e.a
      from e join call_controls x on x.call_id = e.id and (x.tenant_id = current_tenant()) is true
     where e.place = 'controls' and x.transfer ->> 'to' = e.was_a
       for no key update of x skip locked
), control as (
    update call_controls x
       set transfer = jsonb_set(x.transfer, '{to}', to_jsonb(f.a))
      from free_control f
     where x.call_id = f.call_id and f.a is not null
), transcript as (
    update transcripts x
       set text = coalesce(e.a, x.text), segments = coalesce(e.b::jsonb, x.segments),
           words = case when e.c is not null
                        then (select array_to_tsvector(array_agg(distinct w))
                                from jsonb_array_elements_text(e.c::jsonb) w)
                        else x.words end
      from e
     where e.place = 'transcripts' and x.id = e.id and (x.tenant_id = current_tenant()) is true
), analysis as (
    update analyses x
       set summary = coalesce(e.a, x.summary), action_items = coalesce(e.b::jsonb, x.action_items),
           topics = coalesce(e.c::jsonb, x.topics)
      from e
     where e.place = 'analyses' and x.id = e.id and (x.tenant_id = current_tenant()) is true
), answer as (
    update webhook_answers x
       set body = coalesce(e.a, x.body)
      from e
     where e.place = 'answers' and x.id = e.id and x.body = e.was_a and (x.tenant_id = current_tenant()) is true
), free_event as (
    select x.digest as was, x.tenant_id, e.raw,
           case when exists (select from webhook_events o where o.digest = e.digest and o.tenant_id = x.tenant_id)
                then x.digest else e.digest end as digest
      from e join webhook_events x on x.digest = e.id and x.tenant_id = current_tenant()
     where e.place = 'events'
       for no key update of x skip locked
)
update webhook_events x
   set raw = f.raw, digest = f.digest
  from free_event f
 where x.digest = f.was and x.tenant_id = f.tenant_id;
