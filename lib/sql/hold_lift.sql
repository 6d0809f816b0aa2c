-- Lifts the legal hold of a call, contact or client; it stays in the list as what was. lifted is false: none stood.
-- in  kind text, ref uuid, actor text, origin text
-- out lifted bool
-- one
with h as (
    update legal_holds
       set lifted_at = now(), lifted_by = :actor
     where tenant_id = current_tenant() and kind = :kind and ref = :ref and lifted_at is null
    returning ref, reason
), a as (
    select audit_add(:actor, 'hold.lift', h.ref::text, jsonb_build_object('kind', :kind, 'old', h.reason, 'new', null),
                     :origin) as seq
      from h
)
select exists (select from h, a) as lifted;
