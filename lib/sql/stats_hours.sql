-- A report: see stats_hours() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_hours(:args) as doc;
