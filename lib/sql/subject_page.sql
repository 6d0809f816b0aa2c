-- The next rows of a place about a person (who: as migrations/0081), by their keys: whole rows, so that a column that
-- is added is in them. raw: a webhook's body; of a recording that is stored the digest of its audio. Mentions are calls
-- of others that rang the number as well: nothing of what was said in them.
-- in  place text, who jsonb, after text?, max int
-- out key text, doc json, raw bytea?
-- many
with calls_of as materialized (
    select subject_calls(:who) as id
), contacts_of as materialized (
    select subject_contacts(:who) as id
), recordings_of as materialized (
    select r.id from recordings r where r.tenant_id = current_tenant() and r.call_id in (table calls_of)
), numbers as (
    select unnest(array[:who ->> 'number', :who ->> 'token'])
), start as (
    select coalesce(:after, '') as key
)
select p.key, (p.doc - 'tenant_id')::json as doc, p.raw
  from ((select c.id::text as key, to_jsonb(c) as doc, null::bytea as raw
           from contacts c
          where :place = 'contacts' and c.tenant_id = current_tenant() and c.id in (table contacts_of)
            and (c.id::text) collate "C" > (table start)
          order by (c.id::text) collate "C"
          limit :max)
         union all
        (select v.id::text, to_jsonb(v), null::bytea
           from conversations v
          where :place = 'conversations' and v.tenant_id = current_tenant()
            and (v.id in (select x.conversation_id from calls x
                          where x.tenant_id = current_tenant() and x.id in (table calls_of))
                 or v.contact_id = (:who ->> 'contact')::uuid
                 or v.customer_number in (table numbers))
            and (v.id::text) collate "C" > (table start)
          order by (v.id::text) collate "C"
          limit :max)
         union all
        (select r.id::text, to_jsonb(r), null::bytea
           from consent_records r
          where :place = 'consents' and r.tenant_id = current_tenant()
            and (r.number in (table numbers)
                 and (:who ->> 'contact' is null or r.contact_id is null or r.contact_id = (:who ->> 'contact')::uuid)
                 or r.contact_id = (:who ->> 'contact')::uuid or r.call_id in (table calls_of))
            and (r.id::text) collate "C" > (table start)
          order by (r.id::text) collate "C"
          limit :max)
         union all
        (select a.key, a.doc, null::bytea
           from (select concat_ws(' ', (extract(epoch from w.received_at) * 1000000)::bigint, w.kind,
                                  coalesce(w.id, w.text_id),
                                  lpad(row_number() over (partition by w.received_at, w.kind, w.text_id
                                                          order by w.took_us, w.id)::text, 6, '0')) as key,
                        to_jsonb(w) || jsonb_build_object('text', x.body) as doc
                   from webhook_answers w
                   left join webhook_texts x on x.digest = w.text_id and x.tenant_id = w.tenant_id
                  where :place = 'answers' and w.tenant_id = current_tenant() and w.call_id in (table calls_of)) a
          where a.key collate "C" > (table start)
          order by a.key collate "C"
          limit :max)
         union all
        (select q.call_id::text, to_jsonb(q), null::bytea
           from consent_questions q
          where :place = 'questions' and q.tenant_id = current_tenant() and q.call_id in (table calls_of)
            and (q.call_id::text) collate "C" > (table start)
          order by (q.call_id::text) collate "C"
          limit :max)
         union all
        (select e.id::text, to_jsonb(e) || jsonb_build_object('list', l.name), null::bytea
           from dnc_entries e
           join dnc_lists l on l.id = e.list_id
          where :place = 'do_not_call' and e.tenant_id = current_tenant() and e.number in (table numbers)
            and (e.id::text) collate "C" > (table start)
          order by (e.id::text) collate "C"
          limit :max)
         union all
        (select h.id::text, to_jsonb(h), null::bytea
           from legal_holds h
          where :place = 'holds' and h.tenant_id = current_tenant()
            and (h.kind = 'call' and h.ref in (table calls_of) or h.kind = 'contact' and h.ref in (table contacts_of))
            and (h.id::text) collate "C" > (table start)
          order by (h.id::text) collate "C"
          limit :max)
         union all
        (select v.id::text, to_jsonb(v), null::bytea
           from call_views v
          where :place = 'views' and v.tenant_id = current_tenant() and names_number(v.query, :who ->> 'number')
            and (v.id::text) collate "C" > (table start)
          order by (v.id::text) collate "C"
          limit :max)
         union all
        (select 'leg ' || l.sid,
                jsonb_build_object('call_id', l.call_id, 'what', 'leg', 'sid', l.sid, 'role', l.role,
                                   'status', l.status, 'endpoint', l.endpoint, 'started_at', l.started_at),
                null::bytea
           from call_legs l
          where :place = 'mentions' and l.tenant_id = current_tenant() and l.endpoint in (table numbers)
            and (l.call_id is null or l.call_id not in (table calls_of))
            and not exists (select from calls x where x.id = l.call_id and x.customer_number in (table numbers))
            and ('leg ' || l.sid) collate "C" > (table start)
          order by ('leg ' || l.sid) collate "C"
          limit :max)
         union all
        (select 'word ' || m.id,
                jsonb_build_object('call_id', m.call_id, 'what', m.kind, 'target', m.target,
                                   'created_at', m.created_at), null::bytea
           from call_commands m
          where :place = 'mentions' and m.tenant_id = current_tenant() and m.target in (table numbers)
            and m.call_id not in (table calls_of)
            and not exists (select from calls x where x.id = m.call_id and x.customer_number in (table numbers))
            and ('word ' || m.id) collate "C" > (table start)
          order by ('word ' || m.id) collate "C"
          limit :max)
         union all
        (select c.id::text, to_jsonb(c)
                || jsonb_build_object('price', c.price::text, 'value', c.value::text,
                'client', (select name from clients x where x.id = c.client_id),
                'campaign', (select name from campaigns x where x.id = c.campaign_id),
                'agent', (select name from users x where x.id = c.user_id),
                'announced', announced_json(c), 'timeline', call_timeline(c), 'why', call_why(c)), null::bytea
           from calls c
          where :place = 'calls' and c.tenant_id = current_tenant() and c.id in (table calls_of)
            and (c.id::text) collate "C" > (table start)
          order by (c.id::text) collate "C"
          limit :max)
         union all
        (select l.sid, to_jsonb(l) || jsonb_build_object('price', l.price::text), null::bytea
           from call_legs l
          where :place = 'legs' and l.tenant_id = current_tenant() and l.call_id in (table calls_of)
            and (l.sid) collate "C" > (table start)
          order by (l.sid) collate "C"
          limit :max)
         union all
        (select i.call_id::text, to_jsonb(i) - 'request_hash', null::bytea
           from call_intents i
          where :place = 'requests' and i.tenant_id = current_tenant() and i.call_id in (table calls_of)
            and (i.call_id::text) collate "C" > (table start)
          order by (i.call_id::text) collate "C"
          limit :max)
         union all
        (select m.id::text, to_jsonb(m), null::bytea
           from call_commands m
          where :place = 'commands' and m.tenant_id = current_tenant() and m.call_id in (table calls_of)
            and (m.id::text) collate "C" > (table start)
          order by (m.id::text) collate "C"
          limit :max)
         union all
        (select x.call_id::text, to_jsonb(x), null::bytea
           from call_controls x
          where :place = 'controls' and x.tenant_id = current_tenant() and x.call_id in (table calls_of)
            and (x.call_id::text) collate "C" > (table start)
          order by (x.call_id::text) collate "C"
          limit :max)
         union all
        (select w.digest::text, to_jsonb(w) - '{raw,xid}'::text[], w.raw
           from webhook_events w
          where :place = 'events' and w.tenant_id = current_tenant() and w.call_id in (table calls_of)
            and (w.digest::text) collate "C" > (table start)
          order by (w.digest::text) collate "C"
          limit :max)
         union all
        (select r.id::text, to_jsonb(r) - '{path,peaks,sealed_key}'::text[]
                || jsonb_build_object('sha256', encode(r.sha256, 'hex'), 'price', r.price::text),
                case when r.status = 'stored' then r.sha256 end
           from recordings r
          where :place = 'recordings' and r.tenant_id = current_tenant() and r.call_id in (table calls_of)
            and (r.id::text) collate "C" > (table start)
          order by (r.id::text) collate "C"
          limit :max)
         union all
        (select t.id::text, to_jsonb(t) - 'words' || jsonb_build_object('cost', t.cost::text), null::bytea
           from transcripts t
          where :place = 'transcripts' and t.tenant_id = current_tenant() and t.recording_id in (table recordings_of)
            and (t.id::text) collate "C" > (table start)
          order by (t.id::text) collate "C"
          limit :max)
         union all
        (select a.id::text, to_jsonb(a) || jsonb_build_object('cost', a.cost::text), null::bytea
           from analyses a
           join transcripts t on t.id = a.transcript_id
          where :place = 'analyses' and a.tenant_id = current_tenant() and t.recording_id in (table recordings_of)
            and (a.id::text) collate "C" > (table start)
          order by (a.id::text) collate "C"
          limit :max)
         union all
        (select u.id::text, to_jsonb(u) || jsonb_build_object('estimate', u.estimate::text), null::bytea
           from transcript_runs u
          where :place = 'runs' and u.tenant_id = current_tenant() and u.recording_id in (table recordings_of)
            and (u.id::text) collate "C" > (table start)
          order by (u.id::text) collate "C"
          limit :max)
         union all
        (select q.id::text, to_jsonb(q) || jsonb_build_object('cost', q.cost::text), null::bytea
           from ai_requests q
          where :place = 'models' and q.tenant_id = current_tenant() and q.recording_id in (table recordings_of)
            and (q.id::text) collate "C" > (table start)
          order by (q.id::text) collate "C"
          limit :max)
         union all
        (select k.id::text, to_jsonb(k) || jsonb_build_object('value', k.value::text), null::bytea
           from conversions k
          where :place = 'conversions' and k.tenant_id = current_tenant() and k.call_id in (table calls_of)
            and (k.id::text) collate "C" > (table start)
          order by (k.id::text) collate "C"
          limit :max)
         union all
        (select e.kind || ' ' || e.ref, to_jsonb(e) || jsonb_build_object('amount', e.amount::text), null::bytea
           from cost_entries e
          where :place = 'ledger' and e.tenant_id = current_tenant() and e.call_id in (table calls_of)
            and (e.kind || ' ' || e.ref) collate "C" > (table start)
          order by (e.kind || ' ' || e.ref) collate "C"
          limit :max)
         union all
        (select m.id::text, to_jsonb(m), null::bytea
           from webhook_messages m
          where :place = 'messages' and m.tenant_id = current_tenant() and m.call_id in (table calls_of)
            and (m.id::text) collate "C" > (table start)
          order by (m.id::text) collate "C"
          limit :max)
         union all
        (select d.id::text, to_jsonb(d)
                || jsonb_build_object('url', (select url from webhook_endpoints x where x.id = d.endpoint_id),
                'tries', (select jsonb_agg(to_jsonb(y) order by y.n)
                from webhook_attempts y where y.delivery_id = d.id)), null::bytea
           from webhook_messages m
           join webhook_deliveries d on d.message_id = m.id
          where :place = 'deliveries' and m.tenant_id = current_tenant() and m.call_id in (table calls_of)
            and (d.id::text) collate "C" > (table start)
          order by (d.id::text) collate "C"
          limit :max)
         union all
        (select n.id::text, to_jsonb(n), null::bytea
           from notices n
          where :place = 'notices' and n.tenant_id = current_tenant() and n.call_id in (table calls_of)
            and (n.id::text) collate "C" > (table start)
          order by (n.id::text) collate "C"
          limit :max)
         union all
        (select a.id::text, to_jsonb(a), null::bytea
           from notices n
           join alerts a on a.notice_id = n.id
          where :place = 'alerts' and n.tenant_id = current_tenant() and n.call_id in (table calls_of)
            and (a.id::text) collate "C" > (table start)
          order by (a.id::text) collate "C"
          limit :max)
         union all
        (select lpad(e.seq::text, 20, '0'), audit_json(e)::jsonb, null::bytea
           from audit_entries e
          where :place = 'accesses' and e.tenant_id = current_tenant()
            and e.object in (select :who ->> 'mark'
                             union all
                             select id::text from contacts_of
                             union all
                             select id::text from calls_of
                             union all
                             select l.sid from call_legs l
                              where l.tenant_id = current_tenant() and l.call_id in (table calls_of)
                             union all
                             select unnest(array[r.id::text, r.sid]) from recordings r
                              where r.tenant_id = current_tenant() and r.id in (table recordings_of)
                             union all
                             select t.id::text from transcripts t
                              where t.tenant_id = current_tenant() and t.recording_id in (table recordings_of)
                             union all
                             select k.id::text from consent_records k
                              where k.tenant_id = current_tenant() and k.number in (table numbers)
                             union all
                             select v.id::text from conversations v
                              where v.tenant_id = current_tenant() and v.customer_number in (table numbers))
            and (lpad(e.seq::text, 20, '0')) collate "C" > (table start)
          order by (lpad(e.seq::text, 20, '0')) collate "C"
          limit :max)) as p
 order by p.key collate "C"
 limit :max;
