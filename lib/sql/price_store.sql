-- Prices of a call's legs and recordings as Twilio told them: [{"sid", "price", "unit"}]. whole: none is missing.
-- in  call uuid, told jsonb
-- out whole bool
-- one
select cost_settle(:call, :told) as whole;
