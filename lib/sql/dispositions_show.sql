-- The whole list.
-- out doc json
-- one
select dispositions_json() as doc;
