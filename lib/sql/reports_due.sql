-- Makes the reports of the tenant that are due.
-- out n bigint
-- one
select reports_due() as n;
