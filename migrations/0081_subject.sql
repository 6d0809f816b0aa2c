-- Everything about one person: whose calls and contacts they are. who: {"number", "token", "contact", "mark"}; the
-- number as it is and as its token (lib/veil.h), for a row may hold either; contact: the person is this contact, and
-- what somebody else of the same number said or did is not theirs.
set local role switchhook_owner;

create index calls_contact on calls (contact_id, tenant_id) where contact_id is not null;
comment on index calls_contact is 'all calls of a contact, whatever number they had';

create function subject_contacts(who jsonb) returns setof uuid language sql stable as $$
    select c.id
      from contacts c
     where c.tenant_id = current_tenant()
       and case when who ->> 'contact' is not null then c.id = (who ->> 'contact')::uuid
                else c.phone_number in (who ->> 'number', who ->> 'token') end
$$;

create function subject_calls(who jsonb) returns setof uuid language sql stable as $$
    select c.id
      from calls c
     where c.tenant_id = current_tenant() and c.customer_number in (who ->> 'number', who ->> 'token')
       and (who ->> 'contact' is null or c.contact_id is null or c.contact_id = (who ->> 'contact')::uuid)
     union
    select c.id
      from calls c
     where c.tenant_id = current_tenant() and c.contact_id = (who ->> 'contact')::uuid
$$;

-- Does a kept filter of the call log name the number? It is typed by people, and stands there as a query.
create function names_number(query text, number text) returns boolean language sql immutable as $$
    select length(number) > 7 and strpos(query, ltrim(number, '+')) > 0
$$;
