-- How a request to a model ended: ok, unusable: ..., or in words. Only what was answered, or may have been, costs.
-- in  id uuid, outcome text, billed bool
-- none
update ai_requests
   set outcome = left(:outcome, 200), cost = case when :billed then cost end,
       currency = case when :billed then currency end
 where id = :id;
