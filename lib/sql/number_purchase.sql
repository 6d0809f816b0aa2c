-- A promised purchase of which nobody has said how it ended.
-- in  id uuid
-- out state text, e164 text?, fallback_name text, age_s bigint
-- maybe
select state, e164::text, fallback_name, extract(epoch from now() - created_at)::bigint as age_s
  from number_purchases
 where tenant_id = current_tenant() and id = :id and state in ('looking', 'sending', 'unknown');
