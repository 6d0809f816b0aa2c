-- What a browser's call would be told, without a call.
-- in  user_id uuid, to_number text, token text?, marks text?, region text, premium bool, wish text?
-- out user_role text?, caller_id text?, refused text?, recorded bool, disclosure text?, question text?
-- out ring_timeout_s int, voice text?, language text, agents bool
-- one
select u.role as user_role, browser_caller_id(u.id, :wish) as caller_id,
       dial_verdict(t.id, :to_number, :region, :premium,
                    (select c.id from contacts c
                      where c.tenant_id = t.id and c.phone_number in (:to_number, :token)
                      order by c.created_at desc, c.id desc
                      limit 1), now(), dial_token(t.id, :token, :marks)) ->> 'refused' as refused,
       d.mode <> 'keypress' and coalesce(s.auto_record, t.record) as recorded,
       case when d.mode <> 'off' then d.disclosure end as disclosure,
       case when d.mode = 'keypress' and coalesce(s.auto_record, t.record) then d.question end as question,
       t.ring_timeout_seconds as ring_timeout_s, t.voice, t.language,
       d.agents and d.mode <> 'off' and coalesce(s.auto_record, t.record) as agents
  from tenants t
  left join users u on u.id = :user_id and u.tenant_id = t.id and u.disabled_at is null
  left join user_voip_settings s on s.user_id = u.id
  left join lateral disclosure_for(t.id, (select n.id from numbers n
                                           where n.tenant_id = t.id and n.e164 = browser_caller_id(u.id, :wish)
                                             and n.released_at is null), null) d on true
 where t.id = current_tenant();
