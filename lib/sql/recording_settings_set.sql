-- Replaces what the tenant decides about its recordings; null: the default. Those that are stored stay where they are.
-- in  link_seconds int?, storage text?, encrypt bool?, actor text, origin text
-- out doc json
-- one
with s as (
    insert into recording_settings (tenant_id, link_seconds, storage, encrypt)
    values (current_tenant(), coalesce(:link_seconds, 300), :storage, :encrypt)
    on conflict (tenant_id) do update
       set link_seconds = excluded.link_seconds, storage = excluded.storage, encrypt = excluded.encrypt
    returning link_seconds, storage, encrypt
), made as (
    select json_build_object('link_seconds', s.link_seconds, 'storage', s.storage, 'encrypt', s.encrypt) as doc from s
), a as (
    select audit_add(:actor, 'settings.recordings', 'recordings',
                     jsonb_build_object('old', recording_settings_json(), 'new', made.doc), :origin) as seq
      from made
)
select made.doc from made, a;
