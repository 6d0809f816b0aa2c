-- What differs at Twilio, a row a difference, as of the last look; one number, or all.
-- in  e164 text?
-- out e164 text, what text, is_now text?, wanted text?
-- many
select n.e164::text, d ->> 'what' as what, d ->> 'is' as is_now, d ->> 'wanted' as wanted
  from numbers n
  join number_health h on h.number_id = n.id
  cross join lateral jsonb_array_elements(case when h.vanished_at is not null then '[{"what": "vanished"}]'
                                               else h.drift end) as d
 where n.tenant_id = current_tenant() and n.released_at is null and (:e164 is null or n.e164 = :e164)
 order by n.e164
 limit 10000;
