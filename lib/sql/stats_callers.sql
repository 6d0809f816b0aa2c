-- A report: see stats_callers() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_callers(:args) as doc;
