-- The rules of an erasure that do not go by calls, in order.
-- out at int
-- many
select position as at from erasure_rules where scope in ('person', 'search') order by position limit 1000;
