-- A report: see stats_callbacks() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_callbacks(:args) as doc;
