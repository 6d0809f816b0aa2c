-- A page of the call log as the API's document. filter: an object of parameters and their checked values; sort: newest,
-- oldest, longest, shortest. at and after: the last row of the page before, null: from the beginning. next: the cursor
-- of the page that follows, null at the end.
-- in  filter jsonb, sort text, at bigint?, after uuid?, max int, count bool
-- out doc json, next text?
-- one
select p.doc, p.next from calls_page(:filter, :sort, :at, :after, :max, :count) as p;
