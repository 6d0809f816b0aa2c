-- Calls that browsers ask for, each with the gate's verdict, before ingest_answer finds them. One tenant after the
-- other: two batches then wait for each other's gate in one order.
-- in  tenant_id uuid, new_id uuid, user_id uuid, sid text, from_number text, to_number text, customer_number text?
-- in  dialled text, token text?, region text, premium bool, wish text?, contact text?, campaign text?
-- in  received_ms bigint, marks text?
-- out refused text?
-- batch
select browser_call(e.new_id, e.tenant_id, e.user_id, e.sid, e.from_number, e.to_number, e.customer_number, e.dialled,
                    dial_token(e.tenant_id, e.token, e.marks), e.region, e.premium, e.wish, e.contact, e.campaign,
                    to_timestamp(e.received_ms / 1000.0)) as refused
  from :rows
 order by e.tenant_id, e.ord;
