-- Brings the kept figures of the tenant up to date, as far as a few seconds go.
-- out days int
-- one
select stat_refresh(4) as days;
