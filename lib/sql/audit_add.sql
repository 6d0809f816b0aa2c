-- An entry in the audit of the tenant; it belongs in the transaction of what it tells of.
-- in  who text, did text, what text, detail text?, origin text?
-- out seq bigint
-- one
select audit_add(:who, :did, :what, :detail::jsonb, :origin) as seq;
