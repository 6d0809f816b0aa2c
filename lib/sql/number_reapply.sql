-- Asks for the URLs of one number, or of all, to be set anew at Twilio.
-- in  id uuid?, e164 text?, actor text, origin text?
-- out asked int
-- one
with n as (
    select id, tenant_id
      from numbers
     where tenant_id = current_tenant() and released_at is null and (:id is null or id = :id)
       and (:e164 is null or e164 = :e164)
), h as (
    insert into number_health (number_id, tenant_id, apply_at)
    select id, tenant_id, now() from n
    on conflict (number_id) do update set apply_at = now()
    returning number_id
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'number.apply', coalesce(:id::text, :e164, 'all'),
           jsonb_build_object('numbers', (select count(*) from h)), left(:origin, 100), ''
     where exists (select from h)
)
select count(*)::integer as asked from h;
