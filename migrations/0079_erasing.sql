-- How an erasure is done: by its rules, page by page, and what is left to wait for.
set local role switchhook_owner;

-- The calls with a person that are not erased. A number: plain, and its token.
create function erasure_calls(numbers text[], people uuid[], until timestamptz) returns setof calls
    language sql stable as $$
    select c.*
      from calls c
     where c.tenant_id = current_tenant() and c.erased_at is null and c.created_at <= until
       and c.id in (select x.id from calls x where x.customer_number = any (numbers)
                                               and (x.tenant_id = current_tenant()) is true
                     union all
                    select x.id from calls x where x.contact_id = any (people) and x.tenant_id = current_tenant())
$$;

-- Twilio ends a call after a day at the latest, whether we hear of it or not.
create function call_runs(c calls) returns boolean language sql stable as
    $$ select c.ended_at is null and c.created_at > now() - interval '25 hours' $$;

-- Their contacts, those that are deleted by now included.
create function erasure_people(numbers text[], people uuid[], until timestamptz) returns uuid[]
    language sql stable as $$
    select coalesce(array_agg(distinct id), '{}')
      from (select unnest(people) as id
             union all
            select c.id from contacts c
             where c.tenant_id = current_tenant() and c.phone_number = any (numbers) and c.created_at <= until) as p
$$;

create function erase_words(said text, words text[]) returns text language plpgsql immutable as $$
declare
    word text;
begin
    foreach word in array words loop
        said := replace(said, word, '[erased]');
    end loop;
    return said;
end $$;
create function erase_patterns(words text[]) returns text[] language sql immutable as
    $$ select coalesce(array_agg('%' || w || '%'), '{}') from unnest(words) w $$;

-- A rule as the statement it stands for, or one that counts the rows it finds. The columns of a search are text, JSON,
-- or lists; the digits stand in all of them as they are.
create function erasure_statement(r erasure_rules, counted boolean) returns text language sql stable as $$
    select case when counted
                then format('select count(*) from %I t where t.tenant_id = $1 and (%s)', r.relation, c.found)
                when c.done is null
                then format('with x as (delete from %I t where t.tenant_id = $1 and (%s) returning 1)'
                            ' select count(*) from x', r.relation, c.found)
                else format('with x as (update %I t set %s where t.tenant_id = $1 and (%s) returning 1)'
                            ' select count(*) from x', r.relation, c.done, c.found) end
      from (select coalesce(r.found, string_agg(format('t.%I::text like any ($6)', a.attname), ' or ')) as found,
                   case when r.found is not null then r.done
                        else string_agg(format('%1$I = erase_words(t.%1$I::text, $8)::%2$s', a.attname,
                                               format_type(a.atttypid, a.atttypmod)), ', ') end as done
              from unnest(r.columns) as col(name)
              join pg_attribute a on a.attrelid = ('public.' || quote_ident(r.relation))::regclass
                                 and a.attname = col.name) c
$$;

create function erasure_run(r erasure_rules, counted boolean, calls uuid[], numbers text[], people uuid[],
                            until timestamptz, words text[], mark text) returns bigint language plpgsql as $$
declare
    n bigint;
begin
    execute erasure_statement(r, counted)
       into n
      using current_tenant(), calls, numbers, people, until, erase_patterns(words), mark, words;
    return n;
end $$;

-- Numbers by their names: {"calls": 3} and {"calls": 2, "contacts": 1} are {"calls": 5, "contacts": 1}.
create function counts_add(a jsonb, b jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, n), '{}')
      from (select key, sum(value::bigint) as n
              from (select * from jsonb_each_text(a) union all select * from jsonb_each_text(b)) x
             group by key) y
     where n > 0
$$;

-- Recordings that are to go get their job, and stand among what Twilio has.
create function erasure_audio(erasure uuid, calls uuid[], orphans boolean) returns void language plpgsql as $$
begin
    insert into erasure_copies (erasure_id, tenant_id, kind, sid)
    select erasure, r.tenant_id, 'recording', r.sid
      from recordings r
     where r.tenant_id = current_tenant()
       and (r.call_id = any (calls) or orphans and r.call_id is null and r.status = 'erased')
    on conflict do nothing;
    insert into jobs (tenant_id, kind, ref)
    select r.tenant_id, 'erase', r.id::text
      from recordings r
     where r.tenant_id = current_tenant() and r.status = 'erased'
       and (r.call_id = any (calls) or orphans and r.call_id is null)
    on conflict (ref, kind, tenant_id) do nothing;
end $$;

-- One step. at null: the next calls, at most so many; else the rule of that position. n 0: nothing was left of it.
create function erasure_step(erasure uuid, at integer, numbers text[], words text[], max integer) returns bigint
    language plpgsql as $$
declare
    e      erasures;
    rule   erasure_rules;
    people uuid[];
    page   uuid[];
    found  jsonb := '{}';
    n      bigint := 0;
begin
    select * into e from erasures x where x.id = erasure and x.tenant_id = current_tenant() for update;
    people := erasure_people(numbers, e.contact_ids, e.asked_at);
    if at is null then
        select array_agg(c.id order by c.created_at, c.id) into page
          from (select c.id, c.created_at from erasure_calls(numbers, people, e.asked_at) c
                 where not call_runs(c) and (call_hold(c.id)).id is null
                 order by c.created_at, c.id limit max) c;
        if page is null then return 0; end if;
        insert into erasure_copies (erasure_id, tenant_id, kind, sid)
        select erasure, current_tenant(), x.kind, x.sid
          from (select 'call' as kind, l.sid from call_legs l where l.call_id = any (page)
                 union
                select 'call', c.twilio_call_sid from calls c where c.id = any (page) and c.twilio_call_sid is not null
                 union
                select 'message', a.sid from alerts a join notices k on k.id = a.notice_id
                 where k.call_id = any (page) and a.channel = 'sms' and a.sid is not null) x
        on conflict do nothing;
    elsif at = 30 then
        insert into erasure_copies (erasure_id, tenant_id, kind, sid)
        select erasure, current_tenant(), 'leg', l.sid
          from call_legs l
          left join calls c on c.id = l.call_id
         where l.tenant_id = current_tenant() and l.endpoint = any (numbers) and not l.erased
           and (c.id is null or c.created_at <= e.asked_at and c.ended_at is not null and (call_hold(c.id)).id is null)
        on conflict do nothing;
    end if;
    for rule in select * from erasure_rules x
              where case when at is null then x.scope = 'call'
                         else x.position = at and x.scope in ('person', 'search') end
              order by x.position loop
        n := erasure_run(rule, false, page, numbers, people, e.asked_at, words, e.mark);
        found := counts_add(found, jsonb_build_object(
            case rule.scope when 'search' then 'mentions' else rule.relation end, n));
    end loop;
    if at is null then
        found := counts_add(found, jsonb_build_object('audit_entries', audit_redact(erasure,
            array(select c.id::text from calls c where c.id = any (page)
                   union select r.sid from recordings r where r.call_id = any (page)), '{}')));
    elsif at = 37 then
        found := counts_add(found, jsonb_build_object('audit_entries',
                                                      audit_redact(erasure, people::text[], words)));
    end if;
    if at is null or at = 34 then
        perform erasure_audio(erasure, coalesce(page, '{}'), at is not null and n > 0);
    end if;
    found := counts_add(found, '{}');
    update erasures x
       set contact_ids = people, counts = counts_add(x.counts, found),
           digest = case when found = '{}' then x.digest
                         else sha256(coalesce(x.digest, ''::bytea) || convert_to(coalesce(at::text, '') || found::text
                              || coalesce(page::text, '') || case when at = 37 then people::text else '' end,
                              'UTF8')) end
     where x.id = erasure and x.tenant_id = current_tenant();
    return case when at is null then cardinality(page) else n end;
end $$;

-- What keeps an erasure from its end: calls and contacts by the hold that stands on them, calls under way, audio and
-- copies at Twilio that are still to go.
create function erasure_rest(e erasures, numbers text[]) returns jsonb language sql stable as $$
    with left_over as (
        select (call_hold(c.id)).id as hold, call_runs(c) as runs
          from erasure_calls(numbers, erasure_people(numbers, e.contact_ids, e.asked_at), e.asked_at) c
    ), held as (
        select hold, count(*) as calls from left_over where hold is not null group by hold
         union all
        select h.id, 0 from legal_holds h
         where h.tenant_id = current_tenant() and h.kind = 'contact' and h.lifted_at is null
           and h.ref = any (erasure_people(numbers, e.contact_ids, e.asked_at))
           and exists (select from contacts k where k.id = h.ref)
    )
    select jsonb_build_object(
        'held', coalesce((select jsonb_agg(jsonb_build_object('hold_id', x.hold, 'calls', x.calls) order by x.hold)
                            from (select hold, sum(calls) as calls from held group by hold) x), '[]'),
        'running', (select count(*) from left_over where hold is null and runs),
        'open', (select count(*) from left_over where hold is null and not runs),
        'audio', (select count(*)
                    from erasure_copies k
                    join recordings r on r.tenant_id = k.tenant_id and r.sid = k.sid
                    join jobs j on j.tenant_id = k.tenant_id and j.kind = 'erase' and j.ref = r.id::text
                   where k.erasure_id = e.id and k.kind = 'recording' and j.state <> 'done'),
        'copies', (select count(*) from erasure_copies k
                    where k.erasure_id = e.id and k.kind <> 'recording' and k.answer is null))
$$;

-- What would go, by table, and what a hold would keep, as of this moment.
create function erasure_preview(numbers text[], people uuid[], words text[]) returns jsonb language plpgsql as $$
declare
    them  uuid[] := erasure_people(numbers, people, now());
    mine  uuid[] := (select coalesce(array_agg(c.id), '{}') from erasure_calls(numbers, them, now()) c
                      where (call_hold(c.id)).id is null);
    found jsonb  := '{}';
    e     erasures;
    rule  erasure_rules;
begin
    e.contact_ids := people;
    e.asked_at := now();
    for rule in select * from erasure_rules x where x.scope in ('call', 'person') order by x.position loop
        found := counts_add(found, jsonb_build_object(rule.relation,
                                       erasure_run(rule, true, mine, numbers, them, now(), words, 'erased1|-|-')));
    end loop;
    return jsonb_build_object('counts', found) || erasure_holds((erasure_rest(e, numbers)) -> 'held')
           || jsonb_build_object('running_calls', (erasure_rest(e, numbers) ->> 'running')::integer);
end $$;

-- Holds in words, as far as they still stand.
create function erasure_holds(held jsonb) returns jsonb language sql stable as $$
    select jsonb_build_object('held', coalesce((
        select jsonb_agg(jsonb_build_object('hold_id', h.id, 'kind', h.kind, 'ref', h.ref, 'reason', h.reason,
                                            'placed_at', rfc3339(h.placed_at), 'calls', (x ->> 'calls')::integer)
                         order by h.id)
          from jsonb_array_elements(held) x
          join legal_holds h on h.tenant_id = current_tenant() and h.id = (x ->> 'hold_id')::uuid), '[]'))
$$;

create function erasure_json(e erasures) returns json language sql stable as $$
    select (jsonb_build_object(
        'id', e.id, 'contact_ids', e.contact_ids, 'by_number', e.mark is not null, 'asked_by', e.asked_by,
        'asked_at', rfc3339(e.asked_at),
        'state', case when e.done_at is not null then 'done' when j.state in ('parked', 'running') then j.state
                      when j.state = 'dead' then 'failed' when e.held <> '[]' then 'held' else 'waiting' end,
        'reason', case when e.done_at is null then j.reason end,
        'next_attempt_at', case when e.done_at is null and j.state in ('waiting', 'parked') then rfc3339(j.due_at) end,
        'counts', e.counts,
        'twilio', case when e.done_at is not null then e.twilio
                       else (select coalesce(jsonb_object_agg(k.kind, k.said), '{}')
                               from (select y.kind, jsonb_object_agg(y.word, y.n) as said
                                       from (select kind, coalesce(answer, 'waiting') as word, count(*) as n
                                               from erasure_copies where erasure_id = e.id group by 1, 2) y
                                      group by y.kind) k) end,
        'digest', encode(e.digest, 'hex'), 'done_at', rfc3339(e.done_at), 'again_at', rfc3339(e.again_at))
        || erasure_holds(e.held))::json
      from (select) x
      left join jobs j on j.tenant_id = e.tenant_id and j.kind = 'forget' and j.ref = e.id::text
$$;

-- The end of a turn: done, if nothing is left; else the job waits for what is, with the reason. False: done.
create function erasure_end(erasure uuid, numbers text[]) returns boolean language plpgsql as $$
declare
    e    erasures;
    rest jsonb;
    said text;
    wait interval := '15 minutes';
begin
    select * into e from erasures x where x.id = erasure and x.tenant_id = current_tenant() for update;
    update erasure_copies k
       set answer = 'deleted'
      from recordings r
      join jobs j on j.tenant_id = r.tenant_id and j.kind = 'erase' and j.ref = r.id::text and j.state = 'done'
     where k.erasure_id = erasure and k.kind = 'recording' and k.answer is null
       and r.tenant_id = k.tenant_id and r.sid = k.sid;
    rest := erasure_rest(e, numbers);
    said := concat_ws('; ',
        case when rest -> 'held' <> '[]' then 'a legal hold keeps a part of it' end,
        case when (rest ->> 'running')::int > 0 then format('%s calls are still under way', rest ->> 'running') end,
        case when (rest ->> 'open')::int > 0 then format('%s calls are still to be erased', rest ->> 'open') end,
        case when (rest ->> 'audio')::int > 0 then format('%s recordings are being deleted', rest ->> 'audio') end,
        case when (rest ->> 'copies')::int > 0 then format('%s copies are still at Twilio', rest ->> 'copies') end);
    if (rest ->> 'open')::int > 0 then
        wait := '2 seconds';
    elsif (rest ->> 'audio')::int > 0 then
        select least(greatest(coalesce(min(j.due_at) filter (where j.state <> 'dead'), now() + wait) - now(),
                              interval '0') + interval '2 seconds', wait)
          into wait
          from erasure_copies k
          join recordings r on r.tenant_id = k.tenant_id and r.sid = k.sid
          join jobs j on j.tenant_id = k.tenant_id and j.kind = 'erase' and j.ref = r.id::text and j.state <> 'done'
         where k.erasure_id = erasure and k.kind = 'recording';
    elsif (rest ->> 'running')::int + (rest ->> 'copies')::int > 0 then
        wait := '30 seconds';
    end if;
    update erasures x set held = rest -> 'held' where x.id = erasure and x.tenant_id = current_tenant();
    if said <> '' then
        update jobs j set state = 'waiting', attempts = 0, leased_until = null, due_at = now() + wait, reason = said
         where j.tenant_id = current_tenant() and j.kind = 'forget' and j.ref = erasure::text;
        return true;
    end if;
    update jobs j set state = 'done', finished_at = now(), leased_until = null, reason = null
     where j.tenant_id = current_tenant() and j.kind = 'forget' and j.ref = erasure::text;
    update erasures x
       set subject = null, done_at = now(),
           twilio = coalesce((select jsonb_object_agg(k.kind, k.said)
                                from (select y.kind, jsonb_object_agg(y.answer, y.n) as said
                                        from (select kind, answer, count(*) as n from erasure_copies
                                               where erasure_id = erasure group by 1, 2) y group by y.kind) k), '{}'),
           digest = sha256(coalesce(x.digest, ''::bytea)
                           || convert_to(coalesce((select string_agg(k.kind || k.sid || k.answer, ' '
                                                                     order by k.kind, k.sid)
                                                     from erasure_copies k where k.erasure_id = erasure), ''), 'UTF8'))
     where x.id = erasure and x.tenant_id = current_tenant();
    delete from erasure_copies where erasure_id = erasure;
    perform audit_add('sweep', 'erasure.done', erasure::text,
                      (select jsonb_build_object('old', null, 'new', jsonb_build_object(
                                  'counts', x.counts, 'twilio', x.twilio, 'digest', encode(x.digest, 'hex')))
                         from erasures x where x.id = erasure), null);
    return false;
end $$;

-- What was held is erased when the hold is lifted, without waiting for the next turn.
create function erasure_lifted() returns trigger language plpgsql as $$
begin
    update jobs j set due_at = now()
     where j.tenant_id = new.tenant_id and j.kind = 'forget' and j.state = 'waiting'
       and exists (select from erasures e where e.tenant_id = new.tenant_id and e.id::text = j.ref and e.held <> '[]');
    return null;
end $$;
create trigger erase_on after update on legal_holds
    for each row when (new.lifted_at is not null and old.lifted_at is null) execute function erasure_lifted();

-- An erased call stays erased, whatever is written to it later.
create function call_stays_erased() returns trigger language plpgsql as $$
begin
    new.erased_at := old.erased_at;
    new.from_number := old.from_number;
    new.to_number := old.to_number;
    new.customer_number := null;
    new.customer_place := null;
    new.contact_id := null;
    new.conversation_id := null;
    new.recording_url := null;
    return new;
end $$;
create trigger stay_erased before update on calls for each row when (old.erased_at is not null)
    execute function call_stays_erased();

-- Whoever was erased may have numbers here again: a backup was restored, or a spool came in late. The numbers of people
-- in the tenant, in order, with their oldest trace.
create function erasure_numbers(after text, max integer) returns table (number text, since timestamptz)
    language sql stable as $$
    select x.number, min(x.at)
      from (select customer_number::text as number, created_at as at from calls
             where tenant_id = current_tenant() and customer_number is not null
             union all
            select phone_number, created_at from contacts where tenant_id = current_tenant()
             union all
            select customer_number, created_at from conversations where tenant_id = current_tenant()
             union all
            select to_number, created_at from call_intents where tenant_id = current_tenant()
             union all
            select number, created_at from dnc_entries where tenant_id = current_tenant()
             union all
            select number, created_at from consent_records where tenant_id = current_tenant()
             union all
            select l.endpoint, coalesce(c.created_at, l.started_at, l.ended_at)
              from call_legs l left join calls c on c.id = l.call_id
             where l.tenant_id = current_tenant() and not l.erased and l.endpoint ~ '^(\+|sealed1)') as x
     where x.number > after and not erased(x.number) and length(x.number) < 150
     group by x.number
     order by x.number
     limit max
$$;
