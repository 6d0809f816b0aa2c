-- Lets one purchase of a tenant pass at a time, until the end of the transaction: what is counted cannot change between
-- the count and the promise.
-- none
select where pg_advisory_xact_lock(hashtextextended('numbers' || current_tenant(), 0)) is not null;
