-- Takes a key for one attempt of a request, or tells what became of the request that has it. An answer lives for 24
-- hours. other_hash: the request's as it would have been kept while the tenant sealed, or did not. redo: the request
-- may be done again when its first attempt has been silent for a minute, for it guards itself.
-- in  key text, hash bytea, attempt uuid, redo bool, other_hash bytea?
-- out mine bool, same bool, status int?, type text?, head text?, reply text?
-- one
with gone as (
    delete from idempotency_keys
     where tenant_id = current_tenant() and key <> :key and created_at < now() - interval '24 hours'
       and key in (select key
                     from idempotency_keys
                    where tenant_id = current_tenant() and created_at < now() - interval '24 hours'
                    limit 20
                      for no key update skip locked)
), fresh as (
    select :key::text as key, :hash::bytea as hash, :attempt::uuid as attempt
)
insert into idempotency_keys as k (tenant_id, key, request_hash, attempt)
select current_tenant(), key, hash, attempt from fresh
on conflict (tenant_id, key) do update
   set (request_hash, attempt, status, type, head, reply, created_at) =
       (select case when free.is then excluded.request_hash else k.request_hash end,
               case when free.is then excluded.attempt else k.attempt end,
               case when not free.is then k.status end, case when not free.is then k.type end,
               case when not free.is then k.head end, case when not free.is then k.reply end,
               case when free.is then now() else k.created_at end
          from (select k.created_at < now() - interval '24 hours'
                       or :redo and k.status is null and k.request_hash in (excluded.request_hash, :other_hash)
                          and k.created_at < now() - interval '1 minute' as is) as free)
returning k.attempt = :attempt as mine, coalesce(k.request_hash in (:hash, :other_hash), false) as same,
          k.status, k.type, k.head, k.reply;
