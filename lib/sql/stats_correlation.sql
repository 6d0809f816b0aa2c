-- A report: see stats_correlation() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_correlation(:args) as doc;
