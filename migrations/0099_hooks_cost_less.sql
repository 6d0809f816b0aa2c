-- What each webhook asks of the database, for less.
set local role switchhook_owner;

create or replace view number_routes with (security_invoker = true) as
    select n.tenant_id, n.e164, n.id as number_id, n.client_id, n.campaign_id, u.id as user_id, n.record_mode,
           case when n.mask_caller then n.e164 end as caller_id,
           coalesce(n.ring_timeout_seconds, t.ring_timeout_seconds) as ring_timeout_seconds,
           coalesce(n.greeting, t.greeting) as greeting,
           case when coalesce(n.disclosure_mode, t.disclosure_mode) = 'announce'
                then coalesce(n.disclosure, t.disclosure) end as disclosure,
           coalesce(n.forward_to, cl.forward_to, u.forward_to) as forward_to,
           coalesce(n.record, us.auto_record, t.record) as record,
           case when n.record is not null then 'number' when us.user_id is not null then 'user' else 'tenant' end
               as record_reason,
           coalesce(n.disclosure_mode, t.disclosure_mode) as disclosure_mode, n.source, u.rings, u.available,
           u.presence, u.work_hours
      from numbers n
      join tenants t on t.id = n.tenant_id
      left join lateral (select user_id from user_voip_settings
                          where n.user_id is null and tenant_id = n.tenant_id and assigned_phone_number = n.e164
                          order by user_id limit 1) s on true
      left join users u on u.id = coalesce(n.user_id, s.user_id) and u.disabled_at is null
      left join user_voip_settings us on us.user_id = u.id
      left join clients cl on cl.id = n.client_id
     where n.released_at is null;

-- What is said of a recording in calls of a number and a client (either may be null), and how. The words that the
-- tenant was made with are those that are built in, so that another language has them too. ("offset 0" has the words
-- that are built in looked for once, not in every place that names them.)
create or replace function disclosure_for(tenant uuid, number uuid, client uuid)
    returns table (mode text, agents boolean, refused text, disclosure text, question text, goodbye text, language text,
                   voice text) language sql stable as $$
    select m.mode, t.disclosure_agents, t.disclosure_refused,
           coalesce(n.disclosure, d.disclosure, own.disclosure, b.words[1]),
           coalesce(d.question, t.disclosure_question, b.words[2]),
           coalesce(d.goodbye, t.disclosure_goodbye, b.words[3]), s.language,
           case when d.voice is not null and n.disclosure is null then d.voice
                when s.language = t.language then t.voice end
      from tenants t
      left join numbers n on n.id = disclosure_for.number and (n.tenant_id = t.id) is true
      left join clients c on c.id = disclosure_for.client and (c.tenant_id = t.id) is true
     cross join lateral (select coalesce(n.disclosure_mode, t.disclosure_mode) as mode,
                                coalesce(n.disclosure_language, c.disclosure_language, t.language) as language) m
      left join lateral (select x.disclosure, x.question, x.goodbye, x.voice, x.language, x.client_id
                           from disclosures x
                          where (x.tenant_id = t.id) is true and m.mode <> 'off'
                            and x.place in (disclosure_for.client::text || ' ' || m.language,
                                            disclosure_for.client::text || ' ', ' ' || m.language)
                          order by x.client_id is null, x.language is null
                          limit 1) d on true
     cross join lateral (select nullif(t.disclosure, 'This call is recorded.') as disclosure) own
     cross join lateral (select case when n.disclosure is not null then m.language
                                     when d.disclosure is not null then coalesce(d.language, t.language)
                                     when own.disclosure is not null then t.language
                                     else m.language end as language) w
     cross join lateral (select disclosure_words(w.language) as words offset 0) b
     cross join lateral (select case when coalesce(n.disclosure, d.disclosure, own.disclosure) is null
                                     then b.words[4] else w.language end as language) s
     where t.id = disclosure_for.tenant
$$;
