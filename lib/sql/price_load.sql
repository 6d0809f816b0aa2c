-- What of a call has no price yet: sids of legs and recordings, with blanks between; null when nothing is missing.
-- in  call uuid
-- out sids text?
-- one
select string_agg(sid, ' ' order by sid) as sids
  from (select l.sid from call_legs l where l.call_id = :call and l.tenant_id = current_tenant() and l.price is null
           and not l.erased
         union all
        select r.sid from recordings r
         where r.call_id = :call and r.tenant_id = current_tenant() and r.price is null
           and r.status in ('completed', 'stored', 'processing')
         limit 50) as open;
