-- Sealed values that are not yet under the newest master key: tenants' keys that another sealed, and secrets that a
-- master key sealed itself. after: the last place of the page before. For the operator, who sees every tenant's.
-- in  newest text, after text
-- out place text, tenant_id uuid, sealed text
-- many
select v.place, v.tenant_id, v.sealed
  from (select 'tenant_keys.sealed:' || tenant_id as place, tenant_id, sealed
          from tenant_keys
         where sealed not like 'enc1|' || :newest || '|%'
        union all
        select 'twilio_configurations.' || s.name || ':' || c.tenant_id, c.tenant_id, s.sealed
          from twilio_configurations c
         cross join lateral (values ('auth_token', c.auth_token), ('auth_token_secondary', c.auth_token_secondary),
                                    ('api_key_secret', c.api_key_secret)) s (name, sealed)
         where s.sealed like 'enc1|%') v
 where v.place > :after
 order by v.place
 limit 500;
