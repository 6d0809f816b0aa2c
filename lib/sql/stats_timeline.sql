-- A report: see stats_timeline() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_timeline(:args) as doc;
