-- A report: see stats_attribution() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_attribution(:args) as doc;
