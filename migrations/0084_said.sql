-- What was answered to Twilio's webhooks, and how long that took; and what was refused. Written behind the answer:
-- nobody waits for it.
set local role switchhook_owner;

-- Documents that name no party of a call, each once: an inbound call is answered as its number is set.
create table webhook_texts (
    tenant_id uuid not null,
    digest    uuid not null,
    body      text not null check (length(body) <= 65536),
    primary key (digest, tenant_id)
);
comment on column webhook_texts.digest is 'first 128 bits of SHA-256 of the body';

create table webhook_answers (
    id          uuid        default uuid7(),
    tenant_id   uuid        not null,
    call_id     uuid,
    call_sid    text        collate "C" check (length(call_sid) <= 34),
    kind        text        not null collate "C",
    received_at timestamptz not null,
    took_us     integer     not null check (took_us >= 0),
    again       boolean     not null,
    text_id     uuid,
    body        text        check (length(body) <= 90000),
    check ((id is null) = (body is null))
);
comment on column webhook_answers.id       is 'of what has a body of its own';
comment on column webhook_answers.call_sid is 'of the leg, while its call is not known: then call_id is null';
comment on column webhook_answers.took_us  is 'from the request to its answer, the commit between them included';
comment on column webhook_answers.again    is 'this delivery had come before';
comment on column webhook_answers.body     is
    'what was answered, where it names a party of the call, maybe sealed; null: webhook_texts has it, or it was erased';
create index webhook_answers_call    on webhook_answers (call_id) where call_id is not null;
create index webhook_answers_orphans on webhook_answers (call_sid, tenant_id) where call_id is null;
create unique index webhook_answers_own on webhook_answers (id) where id is not null;
create index webhook_answers_newest  on webhook_answers using brin (received_at);

-- Requests for a tenant's account that were not taken, by quarters of an hour.
create table webhook_refusals (
    tenant_id uuid        not null,
    at        timestamptz not null check (at = date_bin('15 minutes', at, '2000-01-01 00:00:00+00')),
    reason    text        not null collate "C" check (length(reason) between 1 and 40),
    n         bigint      not null check (n > 0),
    primary key (at, reason, tenant_id)
);
comment on table webhook_refusals is 'a request that names an account that nobody here has is nobody''s';

call tenant_table('webhook_texts');
call tenant_table('webhook_answers');
call tenant_table('webhook_refusals');
call ingest_table('webhook_texts', 'select, insert');
call ingest_table('webhook_answers', 'insert');
call ingest_table('webhook_refusals', 'select, insert, update');

-- What happened in a call, in order: as it was, and what each webhook was answered.
alter function call_timeline(calls) rename to call_moments;
create function call_timeline(c calls) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(x.doc order by x.at, x.n), '[]')
      from (select (m.doc ->> 'at')::timestamptz as at, m.n, m.doc || '{"took_ms": null, "twiml": null}' as doc
              from jsonb_array_elements(call_moments(c)) with ordinality as m(doc, n)
            union all
            select a.at, 1000000,
                   jsonb_build_object('at', rfc3339(a.at), 'what', 'twiml', 'sid', a.call_sid,
                                      'detail', a.kind || ' answered in ' || round(a.took_us / 1000.0, 1) || ' ms'
                                                || case when a.again then ', once more' else '' end,
                                      'took_ms', round(a.took_us / 1000.0, 1), 'twiml', a.body)
              from (select w.received_at + w.took_us * interval '1 microsecond' as at, w.call_sid, w.kind, w.took_us,
                           w.again, coalesce(w.body, t.body) as body
                      from (select * from webhook_answers where call_id = c.id
                             union all
                            select o.*
                              from call_legs l
                              join webhook_answers o on o.call_sid = l.sid and o.tenant_id = l.tenant_id
                                                        and o.call_id is null
                             where l.call_id = c.id) w
                      left join webhook_texts t on t.digest = w.text_id and t.tenant_id = w.tenant_id
                     order by w.received_at
                     limit 200) a) as x
$$;

-- Webhooks: how many of which kind, how long after Twilio's own time they came (of the newest two thousand that carry
-- one; a clock of ours that is behind counts as 0), how many came again, and how many were refused, and why.
alter function stats_webhooks(jsonb) rename to stats_webhooks_came;
create function stats_webhooks(a jsonb) returns jsonb language plpgsql stable as $$
declare
    s     stat_scope := stat_scope(a);
    taken bigint;
    twice bigint;
    took  jsonb;
    no    jsonb;
    lost  bigint;
begin
    select count(*), count(*) filter (where w.again),
           jsonb_build_object(
               'answer_ms_median', round((percentile_cont(0.5) within group (order by w.took_us))::numeric / 1000, 4),
               'answer_ms_p99', round((percentile_cont(0.99) within group (order by w.took_us))::numeric / 1000, 4))
      into taken, twice, took
      from webhook_answers w
     where w.tenant_id = current_tenant() and w.received_at >= s.lo and w.received_at < s.hi;
    select coalesce(sum(k.n), 0), coalesce(jsonb_object_agg(k.reason, k.n), '{}')
      into lost, no
      from (select reason, sum(n)::bigint as n
              from webhook_refusals
             where tenant_id = current_tenant() and at >= s.lo and at < s.hi group by 1) k;
    return stats_webhooks_came(a) || took || jsonb_build_object(
        'answered', taken, 'duplicates', twice, 'duplicate_rate', ratio(twice, taken),
        'refused', lost, 'refused_by_reason', no, 'refusal_rate', ratio(lost, lost + taken));
end $$;
