-- A recording whose audio is to be removed. No row: it is not, or it has gone.
-- in  id uuid
-- out sid text, storage text, path text?
-- maybe
select r.sid, r.storage, r.path from recordings r where r.id = :id and r.status = 'erased';
