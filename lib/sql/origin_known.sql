-- May a page of that origin call the API for any tenant? Asked before a tenant is known.
-- in  origin text
-- out known bool
-- one
select origin_known(:origin) as known;
