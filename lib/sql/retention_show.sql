-- How long the tenant's audio, text and metadata stay, and what clients have otherwise, as the API's document.
-- out doc json
-- one
select retention_json() as doc;
