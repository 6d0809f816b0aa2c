-- Removes a budget. No row: there is none.
-- in  id uuid, actor text, origin text
-- out id uuid
-- maybe
with gone as (
    delete from budgets b where b.tenant_id = current_tenant() and b.id = :id returning b.id, budget_json(b) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'budget.remove', gone.id,
           jsonb_build_object('old', gone.doc, 'new', null), left(:origin, 100), ''
      from gone
)
select id from gone;
