-- A report: see stats_usage() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_usage(:args) as doc;
