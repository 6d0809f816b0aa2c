-- What an erasure would delete by table, and what a legal hold would keep.
-- in  numbers jsonb, contact_id uuid?, words jsonb
-- out doc json
-- one
select erasure_preview(array(select jsonb_array_elements_text(:numbers)), array_remove(array[:contact_id::uuid], null),
                       array(select jsonb_array_elements_text(:words)))::json as doc;
