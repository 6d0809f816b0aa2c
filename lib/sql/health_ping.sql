-- Is the database there?
-- out up bool
-- one
select true as up;
