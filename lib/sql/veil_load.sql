-- Are the tenant's metadata sealed? null: they are not, and no row holds a token; true: what is written is sealed;
-- false: what is still sealed is being opened. And the key, itself sealed. What is sealed is opened for a day longer:
-- answers kept for repeated requests hold tokens.
-- out sealing bool?, data_key text?
-- one
select m.sealing, k.sealed as data_key
  from tenants t
  left join metadata_sealing m on m.tenant_id = t.id and (m.sealing or m.done_at is null
                                                            or m.done_at > now() - interval '1 day')
  left join tenant_keys k on k.tenant_id = t.id and m.tenant_id is not null
 where t.id = current_tenant();
