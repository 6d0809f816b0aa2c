-- Uses up a ticket: whose it was, and for a page of which origin. Asked before a tenant is known. No row: nobody's,
-- used, or over.
-- in  hash bytea
-- out user_id uuid?, tenant_id uuid?, origin text?
-- maybe
select user_id, tenant_id, origin from embed_take(:hash);
