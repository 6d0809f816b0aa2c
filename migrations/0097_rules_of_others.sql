-- What an erasure does in tables that came beside it.
set local role switchhook_owner;

insert into erasure_rules (position, relation, columns, scope, found, done, why) values
    (22, 'consent_questions', '{sid,spoken,language,state}', 'call', 't.call_id = any ($2)', null,
     'what was asked in the call, and which leg'),
    (23, 'webhook_answers', '{body}', 'call',
     $$t.body is not null and (t.call_id = any ($2)
       or t.call_sid in (select l.sid from call_legs l where l.call_id = any ($2)))$$,
     'id = null, body = null', 'what was answered, where it named somebody'),
    (29, 'webhook_messages', '{type,body}', 'person',
     $$t.call_id is null and t.created_at <= $5 and t.body -> 'data' ->> 'number' = any ($3)$$, null,
     'messages about the person beside any call: consents, entries of lists');
insert into erasure_rules (position, relation, columns, scope, why) values
    (91, 'action_ticks', '{done_by}', 'none', 'the tenant''s own people'),
    (91, 'caller_cells', '{grain}', 'none', 'a word'),
    (91, 'clients', '{disclosure_language}', 'none', 'of the tenant'),
    (91, 'disclosures', '{language,disclosure,question,goodbye,voice,place}', 'none', 'words of the tenant'),
    (91, 'embed_tickets', '{token_hash,origin}', 'none', 'pages of the tenant, and what opens them for minutes'),
    (91, 'numbers', '{disclosure_language}', 'none', 'of the tenant'),
    (91, 'refused_origins', '{origin}', 'none', 'pages'),
    (91, 'retention_counts', '{kind}', 'none', 'figures'),
    (91, 'retention_rules', '{kind}', 'none', 'of the tenant'),
    (91, 'retention_runs', '{asked_by,state,phase,reason}', 'none', 'words, and the tenant''s own people'),
    (91, 'users', '{presence,away_reason,work_hours}', 'none', 'the tenant''s own people'),
    (91, 'webhook_answers', '{call_sid,kind}', 'none', 'sids and words'),
    (91, 'webhook_refusals', '{reason}', 'none', 'words'),
    (91, 'webhook_texts', '{body}', 'none', 'documents that name no party of a call'),
    (91, 'stat_past', '{grain,dim,key,direction}', 'none', 'figures');

-- What was answered about a call goes with it.
create function call_answers_go() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    delete from webhook_answers a using gone c where a.call_id = c.id and a.tenant_id = c.tenant_id;
    return null;
end $$;
revoke execute on function call_answers_go from public;
create policy goes on webhook_answers to switchhook_owner using (true);
create trigger answers_go after delete on calls referencing old table as gone for each statement
    execute function call_answers_go();

create or replace function outbox_forget() returns bigint language plpgsql volatile security definer
    set search_path = pg_catalog, public as $$
declare
    n bigint;
begin
    delete from webhook_answers where call_id is null and received_at < now() - interval '30 days';
    delete from webhook_messages where created_at < now() - interval '90 days';
    get diagnostics n = row_count;
    return n;
end $$;
