-- Puts a value that was sealed again into its place, unless somebody changed it meanwhile.
-- in  place text, tenant_id uuid, before text, sealed text
-- out stored bigint
-- one
with k as (
    update tenant_keys set sealed = :sealed, rotated_at = now()
     where :place = 'tenant_keys.sealed:' || tenant_id and tenant_id = :tenant_id and sealed = :before
    returning 1
), t as (
    update twilio_configurations
       set auth_token = case :place when 'twilio_configurations.auth_token:' || tenant_id
                                    then :sealed else auth_token end,
           auth_token_secondary = case :place when 'twilio_configurations.auth_token_secondary:' || tenant_id
                                              then :sealed else auth_token_secondary end,
           api_key_secret = case :place when 'twilio_configurations.api_key_secret:' || tenant_id
                                        then :sealed else api_key_secret end,
           updated_at = now()
     where tenant_id = :tenant_id
       and :before = case :place when 'twilio_configurations.auth_token:' || tenant_id then auth_token
                                 when 'twilio_configurations.auth_token_secondary:' || tenant_id
                                 then auth_token_secondary
                                 when 'twilio_configurations.api_key_secret:' || tenant_id then api_key_secret end
    returning 1
)
select (select count(*) from k) + (select count(*) from t) as stored;
