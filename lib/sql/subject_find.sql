-- What is kept about a person (who: as migrations/0081), and an entry that somebody was given it; the audit, from which
-- nothing is erased, holds no number: mark is its keyed digest. way: how it leaves. found: anything at all.
-- link_seconds: how long a link to its audio may last.
-- in  who jsonb, way text, actor text, origin text?
-- out found bool, link_seconds int, doc json
-- one
with calls_of as materialized (
    select subject_calls(:who) as id
), contacts_of as materialized (
    select subject_contacts(:who) as id
), n as (
    select (select count(*) from contacts_of) as contacts,
           (select count(*) from calls_of) as calls,
           (select count(*) from recordings r
             where r.tenant_id = current_tenant() and r.call_id in (select id from calls_of)) as recordings,
           (select count(*) from consent_records r
             where r.tenant_id = current_tenant() and r.number in (:who ->> 'number', :who ->> 'token')) as consents,
           (select count(*) from dnc_entries e
             where e.tenant_id = current_tenant() and e.number in (:who ->> 'number', :who ->> 'token')) as do_not_call,
           (select count(*) from conversations c
             where c.tenant_id = current_tenant()
               and c.customer_number in (:who ->> 'number', :who ->> 'token')) as conversations,
           (select count(*) from call_legs l
             where l.tenant_id = current_tenant()
               and l.endpoint in (:who ->> 'number', :who ->> 'token')) as legs
), a as (
    select audit_add(:actor, 'subject.export', :who ->> 'mark',
                     jsonb_build_object('way', :way, 'contacts', n.contacts, 'calls', n.calls, 'recordings',
                                        n.recordings), :origin) as seq
      from n
     where n.contacts + n.calls + n.consents + n.do_not_call + n.conversations + n.legs > 0
)
select exists (select from a) as found, link_seconds(),
       json_build_object('made_at', rfc3339(now()),
                         'tenant', (select json_build_object('id', t.id, 'name', t.name)
                                      from tenants t where t.id = current_tenant()),
                         'subject', json_build_object('number', :who ->> 'number', 'contact_id', :who ->> 'contact'),
                         'found', json_build_object('contacts', n.contacts, 'calls', n.calls,
                                                    'recordings', n.recordings, 'consents', n.consents,
                                                    'do_not_call', n.do_not_call)) as doc
  from n;
