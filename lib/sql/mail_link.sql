-- The link of a mail that is about to be sent; renews the lease. No row: the lease was lost.
-- in  job uuid, token bigint, user_id uuid, kind text, hash bytea, seconds int
-- out held bool
-- maybe
with j as (
    update jobs set leased_until = now() + interval '120 seconds'
     where id = :job and token = :token and state = 'running'
    returning tenant_id
), l as (
    insert into mail_links (token_hash, tenant_id, user_id, kind, expires_at)
    select :hash, j.tenant_id, :user_id, :kind, now() + make_interval(secs => :seconds::int) from j
)
select true as held from j;
