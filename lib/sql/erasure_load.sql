-- An erasure that a job works at. No row: it is done, or none.
-- in  id uuid
-- out mark text?, subject text?, contacts text, asked_us bigint
-- maybe
select e.mark, e.subject, to_json(e.contact_ids)::text as contacts,
       (extract(epoch from e.asked_at) * 1000000)::bigint as asked_us
  from erasures e
 where e.tenant_id = current_tenant() and e.id = :id and e.done_at is null;
