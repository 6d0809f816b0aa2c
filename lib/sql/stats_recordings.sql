-- A report: see stats_recordings() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_recordings(:args) as doc;
