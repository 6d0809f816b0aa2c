-- Ends a session.
-- in  hash bytea
-- none
delete from sessions where token_hash = :hash;
