-- A recording that is to be fetched, and where its tenant wants it; null: as the installation does. No row: it is
-- stored or erased already, or gone.
-- in  id uuid
-- out sid text, duration_seconds int?, storage text?, encrypt bool?
-- maybe
select r.sid, r.duration_seconds, s.storage, s.encrypt
  from recordings r
  left join recording_settings s on s.tenant_id = r.tenant_id
 where r.id = :id and r.status not in ('stored', 'erased');
