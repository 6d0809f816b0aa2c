-- What a tenant has of what calls need.
-- out twilio bool, api_key bool, twiml_app bool, numbers int, users int
-- one
select exists (select from twilio_configurations where tenant_id = current_tenant()) as twilio,
       exists (select from twilio_configurations
                where tenant_id = current_tenant() and api_key_sid is not null) as api_key,
       exists (select from twilio_configurations
                where tenant_id = current_tenant() and twiml_app_sid is not null) as twiml_app,
       (select count(*) from numbers where tenant_id = current_tenant() and released_at is null)::int as numbers,
       (select count(*) from users where tenant_id = current_tenant() and disabled_at is null)::int as users;
