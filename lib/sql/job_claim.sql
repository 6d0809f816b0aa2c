-- Takes the next job that is due under a lease of so many seconds: waiting, parked long enough, or left behind by a
-- sweep that died. Tenants take turns by a hash of their id: spot is the hash of the tenant served last, and tenants
-- behind it go first. Needs no tenant; due_at becomes the time of the claim: the index on it finds all three, and a job
-- whose sweeps die queues behind the others.
-- in  kinds text, spot bigint, lease int
-- out id uuid, tenant_id uuid, kind text, ref text, token bigint, attempts int, spot bigint
-- maybe
update jobs
   set state = 'running', token = token + 1, attempts = attempts + 1, due_at = now(),
       leased_until = now() + make_interval(secs => :lease)
 where id = (select id
               from jobs
              where state in ('waiting', 'running', 'parked') and due_at <= now()
                and (state <> 'running' or leased_until < now())
                and kind = any (string_to_array(:kinds, ' '))
              order by uuid_hash_extended(tenant_id, 0) <= :spot, uuid_hash_extended(tenant_id, 0), due_at, id
              limit 1
                for no key update skip locked)
returning id, tenant_id, kind, ref, token, attempts, uuid_hash_extended(tenant_id, 0) as spot;
