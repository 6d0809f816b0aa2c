-- Where an export reads on behind a part that was short: at the last call that was looked at. at and after: where that
-- part began. Nothing: it is the end.
-- in  filter jsonb, at bigint?, after uuid?
-- out us bigint?, id uuid?
-- one
select x.us, x.id from calls_stop(:filter, 'newest', :at, :after) as x;
