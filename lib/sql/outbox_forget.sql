-- What was told and is older than 90 days goes, of every tenant.
-- out n bigint
-- one
select outbox_forget() as n;
