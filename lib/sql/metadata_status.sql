-- How a tenant's option and its stored metadata stand: plain, sealing, sealed, opening.
-- out encrypt bool, state text, place text?, converted text?, since text?, done_at text?
-- one
select t.encrypt_metadata as encrypt,
       case when m.tenant_id is null or not m.sealing and m.done_at is not null then 'plain'
            when not m.sealing then 'opening' when m.done_at is null then 'sealing' else 'sealed' end as state,
       case when m.done_at is null then m.place end as place, m.converted::text as converted,
       rfc3339(m.since) as since, rfc3339(m.done_at) as done_at
  from tenants t
  left join metadata_sealing m on m.tenant_id = t.id
 where t.id = current_tenant();
