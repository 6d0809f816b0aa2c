-- The tenant's keywords, for a text in which they are looked for.
-- out phrase text, heard_from text, tag text
-- many
select phrase, heard_from, tag from keywords where tenant_id = current_tenant() order by created_at, id limit 1000;
