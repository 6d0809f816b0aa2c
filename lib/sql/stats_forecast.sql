-- A report: see stats_forecast() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_forecast(:args) as doc;
