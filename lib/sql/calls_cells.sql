-- The next calls of an export as the cells of a table, newest first; at and after: the last one before.
-- in  filter jsonb, at bigint?, after uuid?, max int
-- out us bigint, id uuid, twilio_call_sid text?, created_at text, direction text, status text, outcome text?
-- out missed_reason text?, from_number text?, to_number text?, customer_number text?, country text?, place text?
-- out number text?, client text?, campaign text?, source text?, agent text?, wait_seconds text?, ring_seconds text?
-- out talk_seconds text?, duration_seconds text?, disposition text?, lead_status text?, tags text?, notes text?
-- out value text?, value_currency text?, price text?, price_unit text?, recording_url text?
-- many
select (extract(epoch from c.created_at) * 1000000)::bigint as us, c.id, c.twilio_call_sid,
       rfc3339(c.created_at) as created_at, c.direction, c.status::text as status, c.outcome, c.missed_reason,
       c.from_number, c.to_number, c.customer_number::text as customer_number, c.customer_country as country,
       c.customer_place as place, n.e164::text as number, k.name as client, g.name as campaign, c.source,
       coalesce(nullif(u.name, ''), u.email) as agent, c.wait_seconds::text as wait_seconds,
       c.ring_seconds::text as ring_seconds, c.talk_seconds::text as talk_seconds,
       c.duration_seconds::text as duration_seconds, c.disposition, c.lead_status,
       nullif(array_to_string(c.tags, ' '), '') as tags, c.notes, c.value::text as value, c.value_currency,
       c.price::text as price, c.price_unit, c.recording_url
  from calls_rows(:filter, :at, :after, :max) as c
  left join numbers n on n.id = c.number_id
  left join clients k on k.id = c.client_id
  left join campaigns g on g.id = c.campaign_id
  left join users u on u.id = c.user_id
 order by c.created_at desc, c.id desc
 limit :max;
