-- A report: see stats_webhooks() of the migrations.
-- in  args jsonb
-- out doc jsonb
-- one
select stats_webhooks(:args) as doc;
