-- Who was told of a recording without being asked: a notice and no consent, so that it stands with the call and not
-- among what people allowed. It goes when the call goes, and stays when somebody is erased, for it names nobody.
set local role switchhook_owner;

-- Each wording once, as it was said.
create table announcements (
    tenant_id uuid        not null,
    digest    uuid        not null,
    spoken    text        not null check (length(spoken) <= 4096),
    language  text        not null check (length(language) <= 20),
    since     timestamptz not null default now(),
    primary key (digest, tenant_id)
);
comment on column announcements.digest is 'first 128 bits of SHA-256 of the language, a line feed and the words';
comment on column announcements.since  is 'when it was first said';
call tenant_table('announcements');
call ingest_table('announcements', 'select, insert');

alter table calls add column announcement_id uuid;
alter table calls add column announced_at timestamptz check ((announced_at is null) = (announcement_id is null));
comment on column calls.announcement_id is
    'what the customer was told before the recording; null: nothing, or he was asked (consent_questions). No foreign '
    'key: every call of a tenant would lock the same row';
comment on column calls.announced_at    is 'when we told Twilio to say it';

create function announcement_key(language text, spoken text) returns uuid language sql immutable as $$
    select encode(substr(sha256(convert_to(language || chr(10) || spoken, 'UTF8')), 1, 16), 'hex')::uuid
$$;
create function announced_json(c calls) returns json language sql stable as $$
    select json_build_object('at', rfc3339(c.announced_at), 'basis', 'notice', 'text', a.spoken,
                             'language', a.language, 'said_since', rfc3339(a.since))
      from announcements a
     where a.digest = c.announcement_id and a.tenant_id = c.tenant_id
$$;

insert into erasure_rules (position, relation, columns, scope, why) values
    (90, 'announcements', '{spoken,language}', 'none', 'words of the tenant');
