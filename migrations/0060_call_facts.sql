-- What is known of one call beyond its state: who ended it, how long somebody waited and rang, whence the caller is;
-- and what people say about it afterwards.
set local role switchhook_owner;

alter table tenants add column abandoned_seconds     integer not null default 15
                                                     check (abandoned_seconds between 0 and 600);
alter table tenants add column answer_within_seconds integer not null default 20
                                                     check (answer_within_seconds between 0 and 600);
alter table clients add column quality_low_seconds   integer not null default 30 check (quality_low_seconds >= 0);
alter table clients add column quality_high_seconds  integer not null default 90
                                                     check (quality_high_seconds >= quality_low_seconds);
comment on column tenants.abandoned_seconds     is
    'a caller who hung up sooner was not missed by anybody''s fault; exactly so many are not sooner';
comment on column tenants.answer_within_seconds is 'what the service level asks for';
comment on column clients.quality_low_seconds   is 'less talk makes a lead of low quality';
comment on column clients.quality_high_seconds  is 'so much talk or more makes one of high quality';

-- Where callers come from: of the number, else of the campaign; noted with each call when it begins.
alter table campaigns add column source text check (length(source) between 1 and 100);
alter table campaigns add column medium text check (length(medium) between 1 and 100);
alter table numbers   add column source text check (length(source) between 1 and 100);

alter table calls add column kind             text not null default 'conversation'
                                              check (kind in ('conversation', 'message', 'manual'));
alter table calls add column source           text    check (length(source) between 1 and 100);
alter table calls add column wait_seconds     integer check (wait_seconds >= 0);
alter table calls add column ring_seconds     integer check (ring_seconds >= 0);
alter table calls add column ended_by         text    check (ended_by in ('customer', 'agent', 'system'));
alter table calls add column voicemail        boolean not null default false;
alter table calls add column customer_country text    check (length(customer_country) <= 3);
alter table calls add column customer_place   text    check (length(customer_place) <= 200);
comment on column calls.kind             is 'message: a text that was spoken; manual: noted by hand, without durations';
comment on column calls.source           is 'of the number or campaign when the call began';
comment on column calls.wait_seconds     is
    'of an inbound call: from its beginning at Twilio (end less CallDuration) to the answer, or to the end';
comment on column calls.ring_seconds     is 'of the leg that was answered, else of the one that rang longest';
comment on column calls.ended_by         is 'whose leg ended first; null: within a second of each other, or not known';
comment on column calls.voicemail        is 'a missed call with a voicemail of at least three seconds';
comment on column calls.customer_country is
    'ISO 3166-1 of the number, by the numbering plan; 001: of no country; null: withheld or unknown';
comment on column calls.customer_place   is
    'as Twilio names it, else by the numbering plan, where the number was issued';
alter table call_legs add column place text check (length(place) <= 200);
comment on column call_legs.place is 'FromCity, FromState as Twilio sent them';

-- What people note.
alter table calls add column notes          text check (length(notes) <= 20000);
alter table calls add column tags           text[] not null default '{}' check (cardinality(tags) <= 50);
alter table calls add column disposition    text check (length(disposition) between 1 and 60);
alter table calls add column follow_up_at   timestamptz;
alter table calls add column value          numeric(14, 2);
alter table calls add column value_currency text check (value_currency ~ '^[A-Z]{3}$');
alter table calls add column lead_status    text check (lead_status in ('open', 'qualified', 'unqualified', 'spam',
                                                                        'duplicate'));
alter table calls add column lead_set_by    text check (lead_set_by in ('person', 'rule'));
alter table calls add check ((value is null) = (value_currency is null));
comment on column calls.lead_set_by is 'a rule never changes what a person has said';

-- First column: what is looked for. One that led with the tenant would compete with the list's own index.
drop index calls_customer;
create index calls_customer on calls (customer_number, tenant_id, created_at desc, id desc)
    where customer_number is not null;
create index calls_client   on calls (client_id, created_at desc, id desc) where client_id is not null;
create index calls_user     on calls (user_id, created_at desc, id desc) where user_id is not null;
create index calls_number   on calls (number_id, created_at desc, id desc) where number_id is not null;
create index calls_campaign on calls (campaign_id, created_at desc, id desc) where campaign_id is not null;
create index calls_tagged   on calls (tenant_id, created_at desc, id desc) where tags <> '{}';
create index calls_disposed on calls (disposition, tenant_id, created_at desc, id desc) where disposition is not null;
create index calls_lead     on calls (lead_status, tenant_id, created_at desc, id desc) where lead_status is not null;
create index calls_valued   on calls (tenant_id, created_at desc, id desc) where value is not null;

call ingest_table('campaigns', 'select (id, tenant_id, source)');
grant select (abandoned_seconds) on tenants to switchhook_ingest;
grant select (kind) on recordings to switchhook_ingest;
