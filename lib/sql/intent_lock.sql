-- Lets one of several equal requests pass at a time, until the end of the transaction.
-- in  what text
-- none
select where pg_advisory_xact_lock(hashtextextended('intent' || current_tenant() || :what, 0)) is not null;
