-- A report: see stats_costs() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_costs(:args) as doc;
