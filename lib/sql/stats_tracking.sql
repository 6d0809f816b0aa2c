-- A report: see stats_tracking() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_tracking(:args) as doc;
