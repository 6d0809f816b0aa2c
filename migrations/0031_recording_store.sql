-- Where the audio of recordings lies, and with which key.
set local role switchhook_owner;

alter table recordings add column storage    text not null default 'disk' check (storage in ('disk', 's3', 'twilio'));
alter table recordings add column sealed_key text check (sealed_key like 'enc2|%');
comment on column recordings.storage    is 'disk: below RECORDINGS_DIR; s3: path in the bucket; twilio: left there';
comment on column recordings.sealed_key is
    'the file''s own key, sealed with the tenant''s: path then holds ciphertext. Null: the file is plain, or shredded';
alter table recordings drop constraint recordings_path_check;
alter table recordings add constraint recordings_path_check
    check (path ~ '^[0-9a-f-]{36}/RE[0-9a-f]{32}\.wav(\.enc)?$');

alter table recording_settings add column storage text    check (storage in ('disk', 's3', 'twilio'));
alter table recording_settings add column encrypt boolean;
comment on column recording_settings.storage is 'null: as RECORDINGS_STORAGE says';
comment on column recording_settings.encrypt is 'null: as RECORDINGS_ENCRYPTION says';

create function recording_settings_json() returns json language sql stable as $$
    select json_build_object('link_seconds', coalesce(s.link_seconds, 300), 'storage', s.storage, 'encrypt', s.encrypt)
      from (select current_tenant() as id) t
      left join recording_settings s on s.tenant_id = t.id
$$;
