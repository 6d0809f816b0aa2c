-- The whole list.
-- out doc json
-- one
select prices_json() as doc;
