-- What the tenant decides about its transcripts, as the API's document.
-- out doc json
-- one
select transcription_settings_json() as doc;
