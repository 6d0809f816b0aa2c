-- Takes a number that the account has at Twilio into the tenant's hands; its URLs are to be set. word: added; wired: it
-- was ours already; taken: the same sid belongs to another row.
-- in  e164 text, twilio_sid text, number_type text?, capabilities text, monthly_price numeric?, currency text?
-- in  actor text, origin text?
-- out id uuid, word text
-- one
with known as (
    select id from numbers where tenant_id = current_tenant() and e164 = :e164 and released_at is null
), n as (
    insert into numbers (tenant_id, e164, twilio_sid, number_type, capabilities, monthly_price, currency)
    select current_tenant(), :e164, :twilio_sid, :number_type, :capabilities, :monthly_price, :currency
     where not exists (select from known)
    returning id, tenant_id
), u as (
    update numbers
       set twilio_sid = :twilio_sid, number_type = coalesce(numbers.number_type, :number_type),
           capabilities = :capabilities, monthly_price = coalesce(numbers.monthly_price, :monthly_price),
           currency = coalesce(numbers.currency, :currency)
      from known
     where numbers.id = known.id and numbers.tenant_id = current_tenant()
    returning numbers.id, numbers.tenant_id
), h as (
    insert into number_health (number_id, tenant_id, apply_at)
    select id, tenant_id, now() from n
    union all
    select id, tenant_id, now() from u
    on conflict (number_id) do update set apply_at = now()
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'number.adopt', :e164,
           jsonb_build_object('sid', :twilio_sid, 'added', exists (select from n)), left(:origin, 100), ''
)
select coalesce((select id from n), (select id from u)) as id,
       case when exists (select from n) then 'added' else 'wired' end as word;
