-- A report: see stats_breakdown() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_breakdown(:args) as doc;
