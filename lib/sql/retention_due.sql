-- Makes the tenant's run of this night, once it is time for it.
-- out made int
-- one
select retention_due() as made;
