-- The whole list.
-- out doc json
-- one
select lead_rules_json() as doc;
