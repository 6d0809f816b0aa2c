-- A report: see stats_geography() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_geography(:args) as doc;
