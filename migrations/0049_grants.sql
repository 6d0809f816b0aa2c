-- Rights no wider than what uses them, and columns that take nothing but what they are for.
set local role switchhook_owner;

-- Webhooks ask whose a number is, one at a time; they list no tenant's contacts.
create function contact_of(tenant uuid, number text) returns uuid language plpgsql stable security definer
    set search_path = pg_catalog, public as $$
begin
    return (select c.id
              from public.contacts c
             where c.tenant_id = tenant and c.phone_number = number
               and tenant = coalesce(public.current_tenant(), tenant)
             order by c.created_at, c.id
             limit 1);
end $$;
comment on function contact_of is 'who works as one tenant is told of no other''s';
create policy find_contact on contacts for select to switchhook_owner using (true);
revoke execute on function contact_of from public;
grant execute on function contact_of to switchhook_app, switchhook_ingest;
drop policy conversation_contact on contacts;
revoke all on contacts from switchhook_ingest;

create or replace function conversation_of(tenant uuid, contact uuid, number text, campaign uuid) returns uuid
    language plpgsql volatile as $$
declare
    party uuid := coalesce(contact, contact_of(tenant, number));
    found_id uuid;
begin
    if party is null and number is null then return null; end if;
    for i in 1..3 loop -- another call of the same contact may make it first, or close it
        if party is not null then
            select c.id into found_id
              from conversations c
             where c.contact_id = party and c.tenant_id = tenant and c.closed_at is null
               and c.campaign_id is not distinct from campaign;
        else
            select c.id into found_id
              from conversations c
             where c.contact_id is null and c.customer_number = number and c.tenant_id = tenant
               and c.closed_at is null and c.campaign_id is not distinct from campaign;
        end if;
        exit when found_id is not null;
        insert into conversations (tenant_id, contact_id, customer_number, campaign_id)
        values (tenant, party, case when party is null then number end, campaign)
        on conflict do nothing
        returning id into found_id;
        exit when found_id is not null;
    end loop;
    return found_id;
end $$;

-- Webhooks open conversations, and neither close nor date them.
revoke all on conversations from switchhook_ingest;
grant select (id, tenant_id, contact_id, customer_number, campaign_id, closed_at),
      insert (tenant_id, contact_id, customer_number, campaign_id) on conversations to switchhook_ingest;

-- Nor do they touch where the audio lies and with which key.
revoke update on recordings from switchhook_ingest;
grant update (call_id, source, channels, duration_seconds, started_at, status, status_reason, transcription_status)
    on recordings to switchhook_ingest;

-- What is evidence is ended, not rewritten or deleted.
revoke update, delete on legal_holds, number_assignments from switchhook_app;
grant update (lifted_at, lifted_by) on legal_holds to switchhook_app;
grant update (to_at) on number_assignments to switchhook_app;
-- A promise that is gone is bought again; a tenant whose row is gone has its tokens opened no more.
revoke delete on number_purchases, metadata_sealing from switchhook_app;

-- What the number's row will refuse is refused before the number is bought.
alter table number_purchases add check (number_type in ('local', 'mobile', 'toll-free', 'national'));
alter table number_purchases add check (capabilities ~ '^[a-z]*( [a-z]+)*$');
alter table number_purchases add check (monthly_price >= 0);
alter table number_purchases add check (currency ~ '^[A-Z]{3}$');
alter table number_purchases add check (bundle_sid ~ '^BU[0-9a-f]{32}$');
alter table number_purchases add check (address_sid ~ '^AD[0-9a-f]{32}$');
alter table number_purchases add check (fallback_name ~ '^[A-Za-z0-9_-]{22,64}$');

-- A number's token (lib/veil.h) has one kind, and 59 to 80 characters of base64url behind it.
alter table contacts drop constraint contacts_phone_number_check;
alter table contacts add check (phone_number ~ '^(\+[1-9][0-9]{6,14}|sealed1\|n[A-Za-z0-9_-]{59,80})$');
alter table call_intents drop constraint call_intents_to_number_check;
alter table call_intents add check (to_number ~ '^(\+[1-9][0-9]{6,14}|sealed1\|n[A-Za-z0-9_-]{59,80})$');
