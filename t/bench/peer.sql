-- The peer's tables, as the guides describe them.
create table tenants (id uuid primary key default gen_random_uuid(), name text not null);
create table numbers (id uuid primary key default gen_random_uuid(), tenant_id uuid not null references tenants,
                      e164 text not null unique, forward_to text, greeting text);
create table calls (
    id uuid primary key default gen_random_uuid(), tenant_id uuid not null references tenants,
    twilio_call_sid text unique, from_number text not null, to_number text not null, direction text not null,
    status text not null, duration_seconds integer, recording_url text, price numeric,
    contact_id uuid, user_id uuid, created_at timestamptz not null default now(), answered_at timestamptz,
    ended_at timestamptz);
create index on calls (tenant_id, created_at desc);
create table call_events (
    id uuid primary key default gen_random_uuid(), call_id uuid references calls, event_type text not null,
    event_data jsonb, created_at timestamptz not null default now());
create index on call_events (call_id);
insert into tenants (name) values ('Fish & chips');
insert into numbers (tenant_id, e164, forward_to, greeting)
    select id, '+442079460958', '+442079460999', 'Thank you for calling. Connecting you now.' from tenants;
