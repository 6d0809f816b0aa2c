-- Lets one of several equal requests pass at a time, and one call of a tenant through the gate, until the end of the
-- transaction.
-- in  what text
-- none
select where case when pg_advisory_xact_lock(hashtextextended('intent' || current_tenant() || :what, 0)) is not null
                  then dial_lock() end;
