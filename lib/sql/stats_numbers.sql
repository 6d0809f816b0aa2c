-- A report: see stats_numbers() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_numbers(:args) as doc;
