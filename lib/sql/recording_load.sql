-- A recording that is to be fetched. No row: it is stored or erased already, or gone.
-- in  id uuid
-- out sid text, duration_seconds int?
-- maybe
select sid, duration_seconds from recordings where id = :id and status not in ('stored', 'erased');
