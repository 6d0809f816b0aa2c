-- The numbers of people in what the tenant has, in order, each with its oldest trace (erasure_numbers()).
-- in  after text, max int
-- out number text, since_us bigint
-- many
select number, coalesce((extract(epoch from since) * 1000000)::bigint, 0) as since_us
  from erasure_numbers(:after, :max)
 order by number
 limit :max;
