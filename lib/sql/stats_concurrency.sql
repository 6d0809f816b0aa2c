-- A report: see stats_concurrency() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_concurrency(:args) as doc;
