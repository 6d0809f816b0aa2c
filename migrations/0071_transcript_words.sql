-- Words of transcripts: looked for, and made into tags.
set local role switchhook_owner;

-- The dictionary for a language: en-GB, en, or as models name it.
create function text_dictionary(language text) returns regconfig language sql immutable parallel safe as $$
    select coalesce((select d.dictionary::regconfig
                       from (values ('ar', 'arabic'), ('hy', 'armenian'), ('eu', 'basque'), ('ca', 'catalan'),
                                    ('da', 'danish'), ('nl', 'dutch'), ('en', 'english'), ('fi', 'finnish'),
                                    ('fr', 'french'), ('de', 'german'), ('el', 'greek'), ('hi', 'hindi'),
                                    ('hu', 'hungarian'), ('id', 'indonesian'), ('ga', 'irish'), ('it', 'italian'),
                                    ('lt', 'lithuanian'), ('ne', 'nepali'), ('no', 'norwegian'), ('nb', 'norwegian'),
                                    ('pt', 'portuguese'), ('ro', 'romanian'), ('ru', 'russian'), ('sr', 'serbian'),
                                    ('es', 'spanish'), ('sv', 'swedish'), ('ta', 'tamil'), ('tr', 'turkish'),
                                    ('yi', 'yiddish')) as d (code, dictionary)
                      where d.code = split_part(lower(language), '-', 1) or d.dictionary = lower(language)
                      limit 1), 'simple'::regconfig)
$$;

create function tenant_dictionary() returns regconfig language sql stable as $$
    select text_dictionary((select t.language from tenants t where t.id = current_tenant()))
$$;

alter table transcripts add column words tsvector;
comment on column transcripts.words is
    'by the tenant''s dictionary, and as they stand; of a sealed text its words'' tokens, or null: it is not found';

-- A text and its words change together. What is sealed leaves no word behind: the statement gives tokens, or none.
create function transcript_words() returns trigger language plpgsql as $$
begin
    if starts_with(new.text, 'sealed1|') then
        if tg_op = 'UPDATE' and new.words is not distinct from old.words then new.words := null; end if;
    else
        new.words := to_tsvector(text_dictionary((select t.language from tenants t where t.id = new.tenant_id)),
                                 left(new.text, 500000))
                     || to_tsvector('simple', left(new.text, 500000));
    end if;
    return new;
end $$;
create trigger keep_words before insert or update of text on transcripts
    for each row execute function transcript_words();
update transcripts set text = text;
drop index transcripts_words;
create index transcripts_words  on transcripts using gin (words);
create index transcripts_newest on transcripts (tenant_id, created_at desc, id desc);

-- The tenant's transcripts that hold what is asked for, newest first. With its owner's rights, for row level security
-- would keep the index of words from being used.
create function transcript_find(wanted tsquery, before_at timestamptz, before_id uuid, most bigint)
    returns table (id uuid, created_at timestamptz) language sql stable security definer
    set search_path = pg_catalog, public as $$
    select t.id, t.created_at
      from transcripts t
     where t.tenant_id = current_tenant() and t.words @@ wanted
       and (before_at is null or (t.created_at, t.id) < (before_at, before_id))
     order by t.created_at desc, t.id desc
     limit most
$$;
revoke execute on function transcript_find from public;
grant execute on function transcript_find to switchhook_app;

-- Calls in which it was said, for the call log; the words' own column serves it as well.
create or replace function transcripts_with(words text) returns setof uuid language sql stable security definer
    set search_path = pg_catalog, public as $$
    select distinct r.call_id
      from public.transcripts t
      join public.recordings r on r.id = t.recording_id
     where t.words @@ plainto_tsquery('simple', $1) and t.tenant_id = public.current_tenant()
       and r.call_id is not null
$$;

-- What a person types, by the tenant's dictionary or as it stands. PostgreSQL's parser gives up on more than a few
-- dozen signs in a row: then words alone count.
create function transcript_query(typed text) returns tsquery language plpgsql stable as $$
begin
    return websearch_to_tsquery(tenant_dictionary(), typed) || websearch_to_tsquery('simple', typed);
exception when internal_error then
    return plainto_tsquery(tenant_dictionary(), typed) || plainto_tsquery('simple', typed);
end $$;

-- Where it stands in a text: pieces of it, and which of them are hits. Hits are marked by characters that no transcript
-- holds; < > and & pass as others, for ts_headline() leaves out what looks like markup.
create function transcript_hits(said text, wanted tsquery) returns json language sql stable as $$
    with marked as (
        select translate(ts_headline(tenant_dictionary(), translate(left(said, 500000), '<>&', e'\uE000\uE001\uE002'),
                                     wanted, e'StartSel=\x02, StopSel=\x03, MaxFragments=3, MinWords=5, MaxWords=20, '
                                             'FragmentDelimiter=" … "'), e'\uE000\uE001\uE002', '<>&') as text
    ), part as (
        select p.part, p.n
          from marked m, string_to_table(m.text, e'\x02') with ordinality as p (part, n)
    ), piece as (
        select split_part(part, e'\x03', 1) as text, n > 1 as hit, n from part
         union all
        select split_part(part, e'\x03', 2), false, n from part where n > 1
    )
    select coalesce(json_agg(json_build_object('text', text, 'hit', hit) order by n, not hit), '[]')
      from piece where text <> ''
$$;

-- Words that make a tag of a call: said by somebody, or found by the analysis as a topic.
create table keywords (
    id         uuid        primary key default uuid7(),
    tenant_id  uuid        not null references tenants,
    phrase     text        not null check (length(phrase) between 1 and 200),
    heard_from text        not null default 'anybody' check (heard_from in ('anybody', 'agent', 'customer', 'topics')),
    tag        text        not null check (length(tag) between 1 and 100),
    created_at timestamptz not null default now()
);
comment on column keywords.phrase is 'whole words, in any case; punctuation does not count';
create index keywords_newest on keywords (tenant_id, created_at desc, id desc);
call tenant_table('keywords');

create function keyword_json(k keywords) returns json language sql stable as $$
    select json_build_object('id', k.id, 'phrase', k.phrase, 'heard_from', k.heard_from, 'tag', k.tag,
                             'created_at', rfc3339(k.created_at))
$$;

alter table calls add column if not exists tags text[] not null default '{}' check (cardinality(tags) <= 50);

-- Adds tags to the call of a recording; those it has stay, and beyond fifty none is added.
create function call_tag(recording uuid, wanted jsonb) returns void language sql volatile as $$
    update calls c
       set tags = x.tags
      from recordings r, calls o,
           lateral (select array_agg(t.tag order by t.n) as tags
                      from (select tag, min(n) as n
                              from (select tag, n from unnest(o.tags) with ordinality as h (tag, n)
                                     union all
                                    select tag, 100 + n
                                      from jsonb_array_elements_text(wanted) with ordinality as w (tag, n)
                                   ) as a
                             group by tag order by 2 limit 50) t) x
     where r.id = recording and o.id = r.call_id and c.id = o.id and jsonb_array_length(wanted) > 0
       and x.tags is distinct from c.tags
$$;

-- A version of a recording's text, as the API's document.
create function transcript_json(t transcripts) returns json language sql stable as $$
    select json_build_object(
        'id', t.id, 'recording_id', t.recording_id, 'version', t.version, 'model', t.model, 'language', t.language,
        'text', t.text, 'segments', t.segments, 'cost', trim_scale(t.cost)::text, 'currency', t.currency,
        'asked_by', t.asked_by, 'created_at', rfc3339(t.created_at),
        'analysis', (select json_build_object(
                                'id', a.id, 'version', a.version, 'model', a.model, 'sentiment', a.sentiment,
                                'sentiment_score', a.sentiment_score, 'summary', a.summary,
                                'action_items', a.action_items, 'topics', a.topics, 'created_at', rfc3339(a.created_at))
                       from analyses a where a.transcript_id = t.id order by a.version desc limit 1))
$$;

create function run_json(n transcript_runs) returns json language sql stable as $$
    select json_build_object(
        'id', n.id, 'recording_id', n.recording_id, 'model', n.model, 'language', n.language,
        'estimate', trim_scale(n.estimate)::text, 'currency', n.currency, 'asked_by', n.asked_by,
        'state', coalesce(j.state, 'done'), 'reason', j.reason,
        'next_attempt_at', case when j.state in ('waiting', 'parked') then rfc3339(j.due_at) end,
        'transcript_id', n.transcript_id, 'created_at', rfc3339(n.created_at))
      from (select) x
      left join jobs j on j.tenant_id = n.tenant_id and j.kind = 'retranscribe' and j.ref = n.id::text
$$;
