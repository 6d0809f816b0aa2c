-- How many entries each tenant has, and the last one's number and hash: worth noting elsewhere, for an end that was cut
-- off leaves no other trace.
-- out tenant_id uuid, entries bigint, last_seq bigint, last_hash text
-- many
select e.tenant_id, count(*) as entries, max(e.seq) as last_seq,
       (select encode(l.hash, 'hex') from audit_entries l where l.tenant_id = e.tenant_id order by l.seq desc limit 1)
           as last_hash
  from audit_entries e
 group by e.tenant_id
 order by e.tenant_id
 limit 1000;
