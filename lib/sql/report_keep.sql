-- How a report looks as a mail: what is kept is what all recipients get.
-- in  report uuid, subject text, html text, plain text
-- none
update reports set subject = left(:subject, 300), html = :html, plain = :plain
 where tenant_id = current_tenant() and id = :report and html is null;
