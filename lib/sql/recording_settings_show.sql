-- What the tenant decides about its recordings.
-- out doc json
-- one
select recording_settings_json() as doc;
