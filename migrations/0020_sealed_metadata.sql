-- Sealed call metadata: a tenant's option, how far its rows have come, and columns that take tokens (lib/veil.h).
set local role switchhook_owner;

alter table tenants add column encrypt_metadata boolean not null default false;
comment on column tenants.encrypt_metadata is
    'numbers and names of callers and callees, transcripts and bodies of webhooks are sealed with the tenant''s key';

-- What is stored follows the option, page by page, while everybody goes on working. A pass goes through all places in
-- their order; the last one begins when every writer has heard of the option, and finds nothing.
--   (no row) --on--> sealing --> done --off--> opening --> done
create table metadata_sealing (
    tenant_id uuid        primary key references tenants,
    sealing   boolean     not null,
    since     timestamptz not null default now(),
    place     text        check (place ~ '^[a-z]{1,20}$'),
    after     text        check (length(after) <= 40),
    pass_at   timestamptz,
    dirty     boolean     not null default false,
    converted bigint      not null default 0 check (converted >= 0),
    done_at   timestamptz
);
comment on column metadata_sealing.sealing   is 'true: towards tokens; false: back to plain text';
comment on column metadata_sealing.place     is
    'where the pass is, in the words of lib/sql/metadata_page.sql; null: at the beginning';
comment on column metadata_sealing.after     is 'the last key of that place that was looked at';
comment on column metadata_sealing.pass_at   is 'when the pass began; null: none has begun';
comment on column metadata_sealing.dirty     is 'the pass has found rows to convert';
comment on column metadata_sealing.converted is 'rows converted since the option was set';
call tenant_table('metadata_sealing');
call ingest_table('metadata_sealing', 'select (tenant_id, sealing, done_at)');
create policy every_tenant_known on metadata_sealing for select to switchhook_sweep using (true);

-- Without a key nothing can be sealed: it is made before the option is set.
create function metadata_switch() returns trigger language plpgsql as $$
begin
    if new.encrypt_metadata and not exists (select from tenant_keys where tenant_id = new.id) then
        raise exception 'the tenant has no key' using errcode = 'check_violation';
    end if;
    insert into metadata_sealing as m (tenant_id, sealing) values (new.id, new.encrypt_metadata)
    on conflict (tenant_id) do update
       set sealing = excluded.sealing, since = now(), place = null, after = null, pass_at = null, dirty = false,
           converted = 0, done_at = null;
    return null;
end $$;
create trigger metadata_switched after update of encrypt_metadata on tenants
    for each row when (old.encrypt_metadata is distinct from new.encrypt_metadata) execute function metadata_switch();

-- Columns that hold plain text or a token.
create function sealed(text) returns boolean language sql immutable parallel safe as
    $$ select starts_with($1, 'sealed1|') $$;

alter table contacts alter column phone_number type text collate "C";
alter table contacts add check (phone_number ~ '^\+[1-9][0-9]{6,14}$' or sealed(phone_number));
alter table contacts drop constraint contacts_name_check;
alter table contacts add check (length(name) <= 200 or sealed(name) and length(name) <= 400);
alter table call_intents alter column to_number type text collate "C";
alter table call_intents add check (to_number ~ '^\+[1-9][0-9]{6,14}$' or sealed(to_number));
alter table call_intents drop constraint call_intents_message_check;
alter table call_intents add check (length(message) between 1 and 4096 or sealed(message) and length(message) <= 24000);
alter table analyses drop constraint analyses_summary_check;
alter table analyses add check (length(summary) <= 4000 or sealed(summary) and length(summary) <= 6000);

create index calls_customer on calls (customer_number, tenant_id, created_at desc) where customer_number is not null;
comment on index calls_customer is 'calls of a number: search, by the number or its token';

create or replace function settings_json(t tenants) returns json language sql stable as $$
    select json_build_object(
        'name', t.name, 'time_zone', t.time_zone, 'country', t.country, 'language', t.language, 'voice', t.voice,
        'greeting', t.greeting, 'connecting', t.connecting, 'disclosure_mode', t.disclosure_mode,
        'disclosure', t.disclosure, 'unanswered', t.unanswered, 'record', t.record, 'transcribe', t.transcribe,
        'transcribe_over_seconds', t.transcribe_over_seconds, 'ring_timeout_seconds', t.ring_timeout_seconds,
        'default_number', t.default_number, 'encrypt_metadata', t.encrypt_metadata)
$$;

create or replace function settings_default() returns jsonb language sql immutable as $$
    select jsonb_build_object(
        'time_zone', 'UTC', 'country', 'GB', 'language', 'en-GB', 'voice', null,
        'greeting', 'Thank you for calling. Connecting you now.', 'connecting', 'Connecting your call...',
        'disclosure_mode', 'announce', 'disclosure', 'This call is recorded.',
        'unanswered', 'Sorry, nobody can take your call at the moment. Goodbye.', 'record', true, 'transcribe', true,
        'transcribe_over_seconds', 10, 'ring_timeout_seconds', 25, 'default_number', null, 'encrypt_metadata', false)
$$;
