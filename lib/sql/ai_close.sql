-- How a request to a model ended: ok, or in words.
-- in  id uuid, outcome text
-- none
update ai_requests set outcome = left(:outcome, 200) where id = :id;
