-- A report: see stats_summary() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_summary(:args) as doc;
