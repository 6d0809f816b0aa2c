-- Erasures whose number is sought in what the tenant has.
-- out id uuid, mark text?, asked_us bigint
-- many
select id, mark, (extract(epoch from asked_at) * 1000000)::bigint as asked_us
  from erasures
 where tenant_id = current_tenant() and seek
 order by id
 limit 10000;
