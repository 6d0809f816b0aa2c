-- A report: see stats_agents() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_agents(:args) as doc;
