-- What an erasure does in tables that came beside it.
set local role switchhook_owner;

insert into erasure_rules (position, relation, columns, scope, found, done, why) values
    (22, 'consent_questions', '{sid,spoken,language,state}', 'call', 't.call_id = any ($2)', null,
     'what was asked in the call, and which leg');
insert into erasure_rules (position, relation, columns, scope, why) values
    (90, 'clients', '{disclosure_language}', 'none', 'of the tenant'),
    (90, 'disclosures', '{language,disclosure,question,goodbye,voice,place}', 'none', 'words of the tenant'),
    (90, 'numbers', '{disclosure_language}', 'none', 'of the tenant'),
    (90, 'retention_counts', '{kind}', 'none', 'figures'),
    (90, 'retention_rules', '{kind}', 'none', 'of the tenant'),
    (90, 'retention_runs', '{asked_by,state,phase,reason}', 'none', 'words, and the tenant''s own people'),
    (90, 'stat_past', '{grain,dim,key,direction}', 'none', 'figures');
