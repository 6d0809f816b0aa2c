-- What was answered to deliveries. text: a document that names no party, under text_id; null where it is known to be
-- stored. body: one that does. A delivery that had come before has another time than its event.
-- in  tenant_id uuid, digest uuid, kind text, call_sid text, received_ms bigint, took_us bigint, text_id uuid?
-- in  text text?, body text?
-- batch
with t as (
    insert into webhook_texts (tenant_id, digest, body)
    select distinct on (e.text_id, e.tenant_id) e.tenant_id, e.text_id, e.text
      from :rows
     where e.text is not null
    on conflict (digest, tenant_id) do nothing
)
insert into webhook_answers (id, tenant_id, call_id, call_sid, kind, received_at, took_us, again, text_id, body)
select case when e.body is not null then uuid7() end, e.tenant_id, w.call_id,
       case when w.call_id is null then e.call_sid end, e.kind,
       to_timestamp(e.received_ms / 1000.0), least(e.took_us, 2147483647)::integer,
       coalesce(w.received_at <> to_timestamp(e.received_ms / 1000.0), false), e.text_id, e.body
  from :rows
  left join webhook_events w on w.digest = e.digest and w.tenant_id = e.tenant_id;
