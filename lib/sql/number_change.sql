-- Changes the members that a checked body has. etag: what If-Match said, null: whatever is there now. verdict: changed;
-- stale, when it has become another one meanwhile; user_id, client_id, campaign_id, when that one is unknown;
-- forward_to, when the number would forward to itself. No row: not this tenant's, or none.
-- in  id uuid, doc text, etag text?, actor text, origin text
-- out verdict text, doc json?
-- maybe
with body as (
    select d, (d ->> 'user_id')::uuid as user_id, (d ->> 'client_id')::uuid as client_id,
           (d ->> 'campaign_id')::uuid as campaign_id
      from (select :doc::jsonb as d) as b
), old as materialized (
    select c.id, c.e164, number_json(c) as was,
           :etag is null or strpos(:etag, etag(number_json(c))) > 0 as same
      from numbers c
     where c.tenant_id = current_tenant() and c.id = :id and c.released_at is null
       for no key update
), v as (
    select old.id,
           case when not old.same then 'stale'
                when b.user_id is not null
                     and not exists (select from users where tenant_id = current_tenant() and id = b.user_id)
                     then 'user_id'
                when b.client_id is not null
                     and not exists (select from clients
                                      where tenant_id = current_tenant() and id = b.client_id and deleted_at is null)
                     then 'client_id'
                when b.campaign_id is not null
                     and not exists (select from campaigns
                                      where tenant_id = current_tenant() and id = b.campaign_id and deleted_at is null)
                     then 'campaign_id'
                when b.d ->> 'forward_to' = old.e164 then 'forward_to'
                else 'changed' end as verdict
      from old, body b
), changed as (
    update numbers c
       set user_id         = case when d ? 'user_id' then b.user_id else c.user_id end,
           client_id       = case when d ? 'client_id' then b.client_id else c.client_id end,
           campaign_id     = case when d ? 'campaign_id' then b.campaign_id else c.campaign_id end,
           forward_to      = case when d ? 'forward_to' then d ->> 'forward_to' else c.forward_to end,
           greeting        = case when d ? 'greeting' then d ->> 'greeting' else c.greeting end,
           disclosure_mode = case when d ? 'disclosure_mode' then d ->> 'disclosure_mode' else c.disclosure_mode end,
           disclosure      = case when d ? 'disclosure' then d ->> 'disclosure' else c.disclosure end,
           disclosure_language = case when d ? 'disclosure_language' then d ->> 'disclosure_language'
                                      else c.disclosure_language end,
           record          = case when d ? 'record' then (d ->> 'record')::boolean else c.record end,
           source          = case when d ? 'source' then d ->> 'source' else c.source end,
           record_mode     = coalesce(d ->> 'record_mode', c.record_mode),
           mask_caller     = coalesce((d ->> 'mask_caller')::boolean, c.mask_caller),
           disabled_at     = case when (d ->> 'disabled')::boolean then coalesce(c.disabled_at, now())
                                  when d ? 'disabled' then null else c.disabled_at end,
           ring_timeout_seconds = case when d ? 'ring_timeout_seconds' then (d ->> 'ring_timeout_seconds')::integer
                                       else c.ring_timeout_seconds end
      from body b, v
     where c.id = v.id and c.tenant_id = current_tenant() and v.verdict = 'changed'
    returning number_json(c) as doc
), a as (
    insert into audit_entries (tenant_id, seq, actor, action, object, detail, origin, hash)
    select current_tenant(), 0, left(:actor, 200), 'number.change', old.id,
           jsonb_build_object('old', old.was, 'new', changed.doc), left(:origin, 100), ''
      from changed, old
)
select v.verdict, (select doc from changed) as doc from v;
