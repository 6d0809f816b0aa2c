-- A report: see stats_weekdays() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_weekdays(:args) as doc;
