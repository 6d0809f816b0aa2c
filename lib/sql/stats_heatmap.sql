-- A report: see stats_heatmap() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_heatmap(:args) as doc;
