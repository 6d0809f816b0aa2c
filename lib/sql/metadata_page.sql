-- The next rows of a place that may hold numbers, names or texts, by their keys: a to d as the columns have them, raw
-- for a webhook's body, whose a is its kind. Of a call only the outside party's numbers: the other one is the tenant's
-- own. As many as begin within so many bytes, and one at the least: what is done with them takes memory. (Lengths are
-- known without a look at what is stored elsewhere; segments have to be read for that, and come when the page is cut.)
-- in  place text, after uuid?, after_sid text?, max int, bytes bigint
-- out key text, a text?, b text?, c text?, d text?, raw bytea?
-- many
with start as (
    select coalesce(:after, '00000000-0000-0000-0000-000000000000') as id, coalesce(:after_sid, '') as sid
), page as materialized (
        (select id::text as key, case direction when 'inbound' then from_number end as a,
                case direction when 'outbound' then to_number end as b, customer_number as c, null as d,
                null::bytea as raw
           from calls
          where :place = 'calls' and tenant_id = current_tenant() and id > (select id from start)
          order by calls.id
          limit :max)
         union all
        (select sid, endpoint, null, null, null, null
           from call_legs
          where :place = 'legs' and tenant_id = current_tenant() and sid > (select sid from start)
          order by call_legs.sid
          limit :max)
         union all
        (select call_id::text, to_number, message, reason, links::text, null
           from call_intents
          where :place = 'intents' and tenant_id = current_tenant() and call_id > (select id from start)
          order by call_intents.call_id
          limit :max)
         union all
        (select id::text, phone_number, name, null, null, null
           from contacts
          where :place = 'contacts' and tenant_id = current_tenant() and id > (select id from start)
          order by contacts.id
          limit :max)
         union all
        (select id::text, customer_number, null, null, null, null
           from conversations
          where :place = 'conversations' and tenant_id = current_tenant() and id > (select id from start)
          order by conversations.id
          limit :max)
         union all
        (select id::text, number, reason, null, null, null
           from dnc_entries
          where :place = 'listed' and tenant_id = current_tenant() and id > (select id from start)
            and not erased(number)
          order by dnc_entries.id
          limit :max)
         union all
        (select id::text, number, evidence::text, null, null, null
           from consent_records
          where :place = 'consents' and tenant_id = current_tenant() and id > (select id from start)
            and not erased(number)
          order by consent_records.id
          limit :max)
         union all
        (select id::text, target, reason, null, null, null
           from call_commands
          where :place = 'commands' and tenant_id = current_tenant() and id > (select id from start)
          order by call_commands.id
          limit :max)
         union all
        (select call_id::text, transfer ->> 'to', null, null, null, null
           from call_controls
          where :place = 'controls' and tenant_id = current_tenant() and call_id > (select id from start)
          order by call_controls.call_id
          limit :max)
         union all
        (select id::text, text, null, null, null, null
           from transcripts
          where :place = 'transcripts' and tenant_id = current_tenant() and id > (select id from start)
          order by transcripts.id
          limit :max)
         union all
        (select id::text, summary, action_items::text, topics::text, null, null
           from analyses
          where :place = 'analyses' and tenant_id = current_tenant() and id > (select id from start)
          order by analyses.id
          limit :max)
         union all
        (select id::text, body, null, null, null, null
           from webhook_answers
          where :place = 'answers' and tenant_id = current_tenant() and id > (select id from start)
          order by webhook_answers.id
          limit :max)
         union all
        (select digest::text, kind, null, null, null, raw
           from webhook_events
          where :place = 'events' and tenant_id = current_tenant() and digest > (select id from start)
          order by webhook_events.digest
          limit :max)
)
select p.key, p.a,
       case when :place = 'transcripts' then (select t.segments::text from transcripts t where t.id = p.key::uuid)
            else p.b end as b,
       p.c, p.d, p.raw
  from (select q.key, q.a, q.b, q.c, q.d, q.raw,
               sum(coalesce(octet_length(q.a), 0) + coalesce(octet_length(q.b), 0) + coalesce(octet_length(q.c), 0)
                   + coalesce(octet_length(q.d), 0) + coalesce(octet_length(q.raw), 0))
                   over (order by q.key collate "C" rows between unbounded preceding and 1 preceding) as before
          from page q) p
 where coalesce(p.before, 0) < :bytes
 order by p.key collate "C"
 limit :max;
