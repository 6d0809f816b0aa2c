-- Begins a run of retention at once, and its job. doc is null: one is under way.
-- in  actor text, origin text
-- out doc json?
-- one
with r as materialized (
    select retention_begin(:actor) as run
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'retention.ask', (r.run).id::text,
           jsonb_build_object('old', null, 'new', jsonb_build_object('date', (r.run).day)), left(:origin, 100), ''
      from r where (r.run).id is not null
)
select case when (r.run).id is not null then retention_run_json(r.run, true) end as doc from r;
