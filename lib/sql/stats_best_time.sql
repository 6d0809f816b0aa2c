-- A report: see stats_best_time() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_best_time(:args) as doc;
