-- A mail of a report that waits, and the words of the report; html is null before it is made. No row: it was sent, or
-- is gone.
-- in  mail uuid, site text
-- out report uuid, recipient text, subject text?, html text?, plain text?, words json
-- maybe
select r.id as report, m.recipient, r.subject, r.html, r.plain, report_words(r, :site) as words
  from report_mails m join reports r on r.id = m.report_id
 where m.tenant_id = current_tenant() and m.id = :mail and m.state = 'waiting';
