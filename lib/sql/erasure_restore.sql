-- An erasure that the database does not know any more, for it is an older copy: by its tombstone. Whoever it was is
-- sought. known: there is such a tenant.
-- in  id uuid, mark text?, contacts jsonb, asked_us bigint
-- out known bool
-- one
with t as (
    select id from tenants where id = current_tenant()
), made as (
    insert into erasures (id, tenant_id, mark, contact_ids, asked_by, asked_at, seek)
    select :id, t.id, :mark, array(select x::uuid from jsonb_array_elements_text(:contacts) x), 'tombstone',
           'epoch'::timestamptz + :asked_us * interval '1 microsecond', true
      from t
    on conflict (id) do nothing
    returning id, tenant_id
), a as (
    select audit_add('tombstone', 'erasure.restore', made.id::text, '{"old": null, "new": "known again"}', null) as seq
      from made
)
select exists (select from t left join a on true) as known;
