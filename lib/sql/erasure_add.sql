-- Asks for the erasure of a person: by the mark of a number and the number itself, sealed; by a contact; or both. The
-- job does it.
-- in  id uuid, mark text?, subject text?, contact_id uuid?, actor text, origin text?
-- out doc json
-- one
with made as (
    insert into erasures (id, tenant_id, mark, subject, contact_ids, asked_by)
    values (:id, current_tenant(), :mark, :subject, array_remove(array[:contact_id::uuid], null), left(:actor, 200))
    returning erasures as e
), j as (
    insert into jobs (tenant_id, kind, ref) select current_tenant(), 'forget', (made.e).id::text from made
), a as (
    select audit_add(:actor, 'erasure.ask', (made.e).id::text,
                     jsonb_build_object('old', null, 'new', jsonb_build_object('by_number', (made.e).mark is not null,
                                                                             'contact_ids', (made.e).contact_ids)),
                     :origin) as seq
      from made
)
select erasure_json(made.e) as doc from made, a;
