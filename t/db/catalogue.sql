-- The whole schema against what is written here: tables, who may do what with them, policies, functions with their
-- owner's rights, keys. Whatever is added without its row here, or gets another right, fails.
begin;
select no_plan();

create temp view tables as
    select c.oid, c.relname as name, c.relkind as kind, c.relowner as owner, c.relacl as acl,
           c.relrowsecurity as closed, c.relforcerowsecurity as forced,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'
                      and not a.attisdropped) as has_tenant
      from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S');

-- Grants by table: switchhook_<who>: rights; all: select, insert, update and delete. The sweep has the app's as well.
create temp table expected (name text primary key, grants text);
insert into expected values
    ('action_ticks', 'app: all'),
    ('ai_requests', 'app: all'),
    ('alarms', 'app: all'),
    ('alert_rules', 'app: all'),
    ('alerts', 'app: all'),
    ('analyses', 'app: all; reader: select'),
    ('announcements', 'app: all; ingest: insert select'),
    ('api_keys', 'app: all'),
    ('audit_entries', 'app: insert select; reader: select'),
    ('call_events', 'app: select; reader: select'),
    ('call_intents', 'app: all; ingest: select update(settled_at state)'),
    ('call_legs', 'app: all; ingest: insert select update; reader: select'),
    ('call_recordings', 'app: select; reader: select'),
    ('calls', 'app: all; ingest: insert select update; reader: select'),
    ('campaigns', 'app: all; ingest: select(id source tenant_id); reader: select'),
    ('clients', 'app: all; ingest: select(disclosure_language forward_to id tenant_id); reader: select'),
    ('contacts', 'app: all; reader: select'),
    ('conversations', 'app: all; ingest: insert(campaign_id contact_id customer_number tenant_id) select(campaign_id '
        'closed_at contact_id customer_number id tenant_id); reader: select'),
    ('idempotency_keys', 'app: all'),
    ('identity_providers', 'app: all'),
    ('jobs', 'app: all; ingest: insert select'),
    -- a hold that was lifted stays as it was
    ('legal_holds', 'app: insert select update(lifted_at lifted_by)'),
    ('keywords', 'app: all'),
    ('login_attempts', ''),
    ('mail_links', 'app: all'),
    ('mail_outbox', 'app: all'),
    -- without the row nothing that is sealed is opened
    ('metadata_sealing', 'app: insert select update; ingest: select(done_at sealing tenant_id)'),
    -- who had a number when is history
    ('number_assignments', 'app: insert select update(to_at); reader: select'),
    ('number_health', 'app: all'),
    -- a request that is forgotten would buy again
    ('number_purchases', 'app: insert select update'),
    ('notices', 'app: all'),
    ('number_routes', 'app: select; ingest: select'),
    ('numbers', 'app: all; ingest: select; reader: select'),
    ('profiles', 'app: select; reader: select'),
    ('rate_buckets', 'app: all'),
    ('recording_settings', 'app: all'),
    ('recordings', 'app: all; ingest: insert select(call_id call_sid channels duration_seconds id kind sid '
        'source started_at status status_reason tenant_id transcription_status) update(call_id channels '
        'duration_seconds source started_at status status_reason transcription_status); reader: select'),
    ('report_mails', 'app: all'),
    ('report_schedules', 'app: all'),
    ('reports', 'app: all'),
    ('schema_migrations', 'public: select'),
    ('sessions', 'app: all'),
    ('retention_default', 'app: select; sweep: all'),
    ('sweeps', 'app: select; sweep: insert select update'),
    ('tenant_keys', 'app: all; ingest: select(sealed tenant_id)'),
    ('refused_origins', 'app: all'),
    ('embed_tickets', 'app: all'),
    ('tenant_origins', 'app: all'),
    ('tenant_readers', ''),
    ('tenants', 'app: select update; ingest: select(abandoned_seconds connecting default_number dial_countries '
        'disabled_at disclosure disclosure_agents disclosure_goodbye disclosure_mode disclosure_question '
        'disclosure_refused greeting id language record ring_timeout_seconds time_zone unanswered voice watched); '
        'reader: select'),
    ('transcript_runs', 'app: all'),
    ('transcription_exceptions', 'app: all'),
    ('transcription_settings', 'app: all'),
    ('transcripts', 'app: all; reader: select'),
    ('twilio_configurations', 'app: all; ingest: select(account_sid auth_token auth_token_secondary tenant_id '
        'updated_at)'),
    ('user_voip_settings', 'app: all; ingest: select; reader: select'),
    ('users', 'app: all; ingest: select(available disabled_at forward_to id presence rings tenant_id '
        'work_hours); reader: '
        'select(created_at email id name role tenant_id)'),
    ('webhook_attempts', 'app: all'),
    ('webhook_deliveries', 'app: all'),
    ('webhook_endpoints', 'app: all'),
    ('webhook_messages', 'app: all'),
    ('webhook_sequences', 'app: all'),
    ('webhook_answers', 'app: all; ingest: insert'),
    ('webhook_events', 'app: all; ingest: insert select update; reader: select'),
    ('webhook_refusals', 'app: all; ingest: insert select update'),
    ('webhook_texts', 'app: all; ingest: insert select');

-- Do-not-call lists, consent and live calls.
insert into expected values
    ('call_commands', 'app: all'),
    ('call_controls', 'app: all; ingest: select'),
    ('consent_questions', 'app: all; ingest: insert select update'),
    -- a key that was pressed is kept by whoever hears of it
    ('consent_records', 'app: insert select update(contact_id evidence number); ingest: insert select; reader: select'),
    ('disclosures', 'app: all; ingest: select'),
    ('dnc_entries', 'app: all'),
    ('erasure_copies', 'app: all'),
    ('erasure_rules', 'app: select'),
    -- the proof stays
    ('erasures', 'app: insert select update'),
    ('dnc_lists', 'app: all'),
    ('region_hours', 'app: select'),
    ('region_zones', 'app: select');

-- The call log, figures and money.
insert into expected values
    -- who was told of a budget, and what was charged, is history
    ('budget_alerts', 'app: insert select'),
    ('budgets', 'app: all'),
    ('call_marks', 'app: select; reader: select'),
    ('call_touches', 'app: select'),
    ('call_views', 'app: all'),
    ('caller_cells', 'app: all'),
    ('caller_gaps', 'app: all'),
    ('conversions', 'app: all; reader: select'),
    ('cost_entries', 'app: insert select update; reader: select'),
    ('credited_calls', 'app: select'),
    ('dispositions', 'app: all; reader: select'),
    ('lead_rules', 'app: all; reader: select'),
    ('marketing_costs', 'app: all; reader: select'),
    ('prices', 'app: all'),
    ('user_availability', 'app: all'),
    ('stat_cells', 'app: all'),
    ('stat_dirty', 'app: all'),
    ('stat_marks', 'app: insert select update'),
    ('stat_past', 'app: insert select update'),
    ('touchpoints', 'app: select');
-- Retention: a report of what went is not rewritten.
insert into expected values
    ('retention_counts', 'app: insert select update'),
    ('retention_rules', 'app: all'),
    ('retention_runs', 'app: insert select update');

create temp view granted as
    with g as (
        select t.name, a.grantee, a.privilege_type as word, null::name as col
          from tables t, aclexplode(t.acl) a
         where a.grantee <> t.owner
         union all
        select t.name, a.grantee, a.privilege_type, c.attname
          from tables t join pg_attribute c on c.attrelid = t.oid and not c.attisdropped, aclexplode(c.attacl) a
         where a.grantee <> t.owner
    ), w as (
        select name, case when grantee = 0 then 'public' else replace(pg_get_userbyid(grantee), 'switchhook_', '') end
               as who, lower(word) || coalesce('(' || string_agg(col, ' ' order by col) || ')', '') as word
          from g
         group by name, grantee, word
    ), x as (
        select name, who, string_agg(word, ' ' order by word) as words from w group by name, who
    )
    select t.name,
           coalesce(string_agg(x.who || ': ' || replace(x.words, 'delete insert select update', 'all'), '; '
                               order by x.who), '') as grants
      from tables t left join x on x.name = t.name
     group by t.name;

select is_empty('select name, grants from granted except select name, grants from expected',
                'no table and no right that is not written here');
select is_empty('select name, grants from expected except select name, grants from granted',
                'and every one that is');
select is_empty($$ select name, kind from tables where kind not in ('r', 'v') $$, 'tables and views, nothing else');
select is_empty($$ select r.rolname, m.rolname from pg_auth_members a join pg_roles r on r.oid = a.member
                     join pg_roles m on m.oid = a.roleid
                    where (r.rolname like 'switchhook\_%' or m.rolname like 'switchhook\_%')
                      and (r.rolname, m.rolname) not in (('switchhook_sweep', 'switchhook_app'),
                                                         ('postgres', 'switchhook_owner')) $$,
                'the sweep is the app as well, the superuser the owner, and nobody is anybody else');
select is_empty($$ select d.defaclrole, d.defaclobjtype from pg_default_acl d $$, 'nothing is granted in advance');

-- Row level security. Some tables hold no tenant's data.
create temp table without_tenant (name text primary key, why text);
insert into without_tenant values
    ('login_attempts', 'accounts and places as digests, read by two functions alone'),
    ('schema_migrations', 'names and digests of migrations'),
    ('sweeps', 'heartbeats of hosts'), ('retention_default', 'a setting of the installation'),
    ('erasure_rules', 'what an erasure does where'),
    ('region_hours', 'law'), ('region_zones', 'the tz database');
select is_empty($$ select name from tables t where kind = 'r' and not (closed and forced)
                      and name not in (select name from without_tenant) $$, 'every table is closed, and to its owner');
select is_empty($$ select name from tables where kind = 'r' and not has_tenant
                      and name not in (select name from without_tenant) and name <> 'tenants' $$,
                'every table has a tenant, or a reason not to');
select is_empty($$ select name from without_tenant where name not in (select name from tables where not has_tenant) $$,
                'and every reason its table');

-- Policies: those of tenant_table() and ingest_table(), and these.
create temp table policies (name text, policy text, command text, who text, expr text);
insert into policies values
    ('tenants', 'own_tenant', '*', 'app', '(id = current_tenant())'),
    ('tenants', 'own_reader', 'r', 'reader', '(id = reader_tenant())'),
    ('tenants', 'every_tenant', 'r', 'ingest', 'true'),
    ('tenants', 'every_tenant_known', 'r', 'sweep', 'true'),
    ('tenants', 'find_key', 'r', 'owner', 'true'),
    ('tenant_readers', 'own_row', 'r', 'owner', '(role_name = SESSION_USER)'),
    ('api_keys', 'find_key', 'r', 'owner', 'true'),
    ('api_keys', 'use_key', 'w', 'owner', 'true'),
    ('contacts', 'find_contact', 'r', 'owner', 'true'), -- contact_of() alone
    ('audit_entries', 'redact', '*', 'owner', '(tenant_id = current_tenant())'), -- audit_redact() alone
    ('erasures', 'every_tenant_known', 'r', 'sweep', 'true'), -- compares them with the tombstones
    ('identity_providers', 'find_identity', 'r', 'owner', 'true'),
    ('jobs', 'every_tenant_claim', '*', 'sweep', 'true'),
    ('mail_links', 'find_link', 'r', 'owner', 'true'),
    ('mail_links', 'forget_link', 'd', 'owner', 'true'),
    ('mail_outbox', 'forget_mail', 'd', 'owner', 'true'),
    ('mail_outbox', 'forget_read', 'r', 'owner', 'true'),
    ('metadata_sealing', 'every_tenant_known', 'r', 'sweep', 'true'), -- finds whose rows are to be converted
    ('recordings', 'find_words', 'r', 'owner', 'true'), -- transcripts_with() alone, as the next
    ('transcripts', 'find_words', 'r', 'owner', 'true'),
    ('sessions', 'find_session', 'r', 'owner', 'true'),
    ('sessions', 'forget_session', 'd', 'owner', 'true'),
    ('sessions', 'touch_session', 'w', 'owner', 'true'),
    ('tenant_origins', 'find_origin', 'r', 'owner', 'true'),
    ('embed_tickets', 'find_ticket', 'r', 'owner', 'true'),
    ('embed_tickets', 'take_ticket', 'd', 'owner', 'true'),
    ('transcripts', 'find_words', 'r', 'owner', 'true'),
    ('users', 'find_user', 'r', 'owner', 'true'),
    -- Triggers write messages and notices with the owner's rights, whoever changes the fact.
    ('alert_rules', 'tell', 'r', 'owner', 'true'),
    ('budgets', 'tell', 'r', 'owner', 'true'),
    ('calls', 'watch', '*', 'owner', 'true'),
    ('jobs', 'tell', '*', 'owner', 'true'),
    ('notices', 'tell', '*', 'owner', 'true'),
    ('dnc_lists', 'tell', 'r', 'owner', 'true'),
    ('webhook_answers', 'goes', '*', 'owner', 'true'),
    ('numbers', 'tell', 'r', 'owner', 'true'),
    ('recordings', 'tell', 'r', 'owner', 'true'),
    ('stat_dirty', 'watch', '*', 'owner', 'true'),
    ('tenants', 'watch', 'w', 'owner', 'true'),
    ('retention_runs', 'tell', '*', 'owner', 'true'),
    ('retention_default', 'everybody', 'r', 'app', 'true'),
    ('retention_default', 'sweeps', '*', 'sweep', 'true'),
    ('transcripts', 'tell', 'r', 'owner', 'true'),
    ('webhook_attempts', 'tell', 'r', 'owner', 'true'),
    ('webhook_deliveries', 'tell', '*', 'owner', 'true'),
    ('webhook_endpoints', 'tell', 'r', 'owner', 'true'),
    ('webhook_messages', 'tell', '*', 'owner', 'true'),
    ('webhook_sequences', 'tell', '*', 'owner', 'true');
insert into policies
    select name, 'own_tenant', '*', 'app', '(tenant_id = current_tenant())' from tables
     where kind = 'r' and has_tenant and name <> 'tenant_readers'
     union all
    select name, 'own_reader', 'r', 'reader', '(tenant_id = reader_tenant())' from tables
     where kind = 'r' and has_tenant and name <> 'tenant_readers'
     union all
    select name, 'every_tenant', '*', 'ingest', 'true' from expected
     where grants ~ '\mingest:' and name not in ('tenants', 'number_routes');
create temp view policed as
    select t.name::text, p.polname::text as policy, p.polcmd::text as command,
           (select string_agg(replace(rolname, 'switchhook_', ''), ' ' order by rolname) from pg_roles
             where oid = any (p.polroles)) as who,
           pg_get_expr(p.polqual, p.polrelid) as expr
      from pg_policy p join tables t on t.oid = p.polrelid;
select is_empty('select * from policed except select * from policies', 'no policy that is not written here');
select is_empty('select * from policies except select * from policed', 'and every one that is');
select is_empty($$ select polrelid::regclass, polname from pg_policy
                    where not polpermissive or pg_get_expr(polwithcheck, polrelid) is distinct from
                                               case when polname = 'every_tenant' and polcmd = '*'
                                                      or polname = 'every_tenant_claim' then 'true' end $$,
                'what may be seen is what may be written');

-- Functions that see past row level security, and who may call them.
create temp table definers (name text primary key, who text);
insert into definers values
    ('api_key_find', 'switchhook_app'), ('api_key_use', 'switchhook_app'),
    ('browser_call', 'switchhook_ingest'), -- with the rights of the app, as one tenant
    ('audit_redact', 'switchhook_app'), -- blanks what an erasure names, and leaves a trace of it
    ('dial_token', 'switchhook_ingest'), -- with the rights of the app, as one tenant
    ('contact_of', 'switchhook_app switchhook_ingest'), -- one number's contact, for conversation_of()
    ('embed_take', 'switchhook_app'), -- by the secret of a ticket
    ('identity_find', 'switchhook_app'), ('link_find', 'switchhook_app'),
    ('link_owner', 'switchhook_app'), -- link_find() with the tenant's name, by the secret of a link
    ('login_find', 'switchhook_app'), ('login_passed', 'switchhook_app'), ('login_try', 'switchhook_app'),
    ('origin_known', 'switchhook_app'), ('outbox_forget', 'switchhook_sweep'), ('people_forget', 'switchhook_sweep'),
     ('reader_tenant', 'public'),
    ('session_find', 'switchhook_app'), ('session_touch', 'switchhook_app'),
    ('sessions_beside', 'switchhook_app'), -- by the secrets of these sessions, of whatever tenant
    ('transcript_find', 'switchhook_app'), -- an index of words that row level security would keep from use
    ('transcripts_with', 'switchhook_app'), -- words of the transaction's tenant
    -- of triggers, which nobody can call
    ('notice_budget', 'public'), ('notice_call', 'public'), ('notice_endpoint', 'public'),
    ('call_answers_go', 'public'), ('notice_recording', 'public'),
    ('tell_agent', 'public'), ('tell_alarm', 'public'), ('tell_drift', 'public'),
    ('tell_analysis', 'public'), ('tell_call', 'public'), ('tell_consent', 'public'), ('tell_dnc', 'public'),
    ('tell_purchase', 'public'), ('tell_number', 'public'), ('tell_recording', 'public'),
    ('tell_transcript', 'public'), ('watch_call', 'public'), ('watch_tenant', 'public');
create temp view defined as
    select p.proname::text as name,
           coalesce((select string_agg(case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee) end, ' '
                                       order by a.grantee = 0, pg_get_userbyid(a.grantee))
                       from aclexplode(p.proacl) a where a.grantee <> p.proowner), 'public') as who
      from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.prosecdef;
select is_empty('(select * from defined except select * from definers)
                 union all (select * from definers except select * from defined)',
                'functions with their owner''s rights, and who may call them');
select is_empty($$ select p.proname, pg_get_userbyid(p.proowner) from pg_proc p
                    where p.pronamespace = 'public'::regnamespace and p.prosecdef
                      and pg_get_userbyid(p.proowner) <> case when p.proname in ('browser_call', 'dial_token')
                                                          then 'switchhook_app' else 'switchhook_owner' end $$,
                '... and whose rights these are');

-- Unique keys hold the tenant: a violation must not tell that another tenant has such a row. Random ids of our own need
-- none. The rest, with the reason.
create temp table alone (name text primary key, why text);
insert into alone values
    ('api_keys_prefix_key', 'random, and found before the tenant is known'),
    ('sessions_pkey', 'a digest of random bits, found before the tenant is known'),
    ('embed_tickets_pkey', 'is asked for before a tenant is known'),
    ('mail_links_pkey', 'a digest of random bits, found before the tenant is known'),
    ('identity_providers_issuer_audience_key', 'tells whose token it is; the operator''s command alone writes it'),
    ('twilio_configurations_account_sid_key', 'tells whose webhook it is'),
    ('users_email_key', 'tells who logs in'),
    ('users_pkey', 'random'), ('call_intents_pkey', 'the id of its call'),
    ('user_voip_settings_pkey', 'the id of its user'),
    ('number_health_pkey', 'the id of its number, which a foreign key binds to the tenant'),
    ('webhook_attempts_pkey', 'below a delivery of the tenant'),
    ('webhook_sequences_pkey', 'the id of its call'),
    ('action_ticks_pkey', 'below an analysis of the tenant'),
    ('analyses_transcript_id_version_key', 'below a transcript of the tenant'),
    ('transcripts_recording_id_version_key', 'below a recording of the tenant');
insert into alone values
    ('budget_alerts_pkey', 'below a budget of the tenant'), ('marketing_costs_pkey', 'below a campaign of the tenant'),
    ('erasure_copies_pkey', 'below an erasure of the tenant'),
    ('call_commands_one', 'below a call of the tenant'), ('call_controls_pkey', 'the id of its call'),
    ('consent_questions_pkey', 'the id of its call');
create temp view unique_keys as
    select c.relname as name, t.name as of, array(select a.attname::text from unnest(i.indkey::smallint[]) k
                                                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k
                                                   order by 1) as columns
      from pg_index i join tables t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
     where i.indisunique and t.has_tenant;
select is_empty($$ select name, columns from unique_keys where not columns @> '{tenant_id}' and columns <> '{id}'
                      and of <> 'tenant_readers' and name not in (select name from alone) $$,
                'every unique key holds the tenant, or has a reason not to');
select is_empty($$ select name from alone where name not in (select name from unique_keys) $$,
                'and every reason its key');
select is_empty($$ select t.name, a.attname, format_type(a.atttypid, null), pg_get_expr(d.adbin, d.adrelid)
                     from tables t join pg_attribute a on a.attrelid = t.oid and a.attname = 'id' and a.attnum > 0
                     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                    where t.kind = 'r' and (a.atttypid <> 'uuid'::regtype
                          or pg_get_expr(d.adbin, d.adrelid) is distinct from 'uuid7()') $$,
                'ids are random');

-- Foreign keys: an index begins with one of their columns, unless what they name is never deleted.
create temp view foreign_keys as
    select f.conname as name, f.confrelid::regclass::text as to_table, f.confdeltype as on_delete,
           exists (select from pg_index i where i.indrelid = f.conrelid and i.indkey[0] = any (f.conkey)) as indexed,
           t.has_tenant and f.confrelid <> 'tenants'::regclass and cardinality(f.conkey) = 1
               and f.confdeltype = 'a' as loose
      from pg_constraint f join tables t on t.oid = f.conrelid
     where f.contype = 'f';
select is_empty($$ select name from foreign_keys where not indexed
                      and not (on_delete = 'a' and to_table in ('tenants', 'clients', 'campaigns', 'users')) $$,
                'what is deleted finds those who name it by an index');
select is_empty('select name from foreign_keys where loose',
                'a key to another table of tenants names the tenant, or goes with its row');

select finish();
rollback;
