-- Places a legal hold on a call, contact or client; one that stands already stays as it is. No doc: there is no such
-- thing.
-- in  kind text, ref uuid, reason text, actor text, origin text
-- out doc json?
-- one
with thing as (
    select :ref::uuid as ref
     where case :kind when 'call'    then exists (select from calls    c where c.tenant_id = current_tenant()
                                                                           and c.id = :ref)
                      when 'contact' then exists (select from contacts c where c.tenant_id = current_tenant()
                                                                           and c.id = :ref)
                      when 'client'  then exists (select from clients  c where c.tenant_id = current_tenant()
                                                                           and c.id = :ref) end
), made as (
    insert into legal_holds as h (tenant_id, kind, ref, reason, placed_by)
    select current_tenant(), :kind, thing.ref, :reason, :actor from thing
    on conflict (ref, kind, tenant_id) where lifted_at is null do nothing
    returning h as hold, h.ref, h.reason
), a as (
    select audit_add(:actor, 'hold.place', made.ref::text, jsonb_build_object('kind', :kind, 'old', null,
                                                                         'new', made.reason), :origin) as seq
      from made
)
select coalesce((select hold_json(made.hold) from made, a),
                (select hold_json(h) from legal_holds h, thing
                  where h.tenant_id = current_tenant() and h.kind = :kind and h.ref = thing.ref
                    and h.lifted_at is null)) as doc;
