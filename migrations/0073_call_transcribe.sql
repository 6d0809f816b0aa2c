-- Whether a single call is transcribed; and why a recording is not.
set local role switchhook_owner;

alter table calls add column transcribe boolean;
comment on column calls.transcribe is 'null: as its user, number, client and tenant have it';

-- Is a recording of so many seconds transcribed? The word for transcription_status: pending, or why not. The narrowest
-- word counts: the call's, its user's no, its number's, its client's, the tenant's. Who took his consent back is not
-- transcribed. Strictly more than the tenant's threshold is.
create or replace function transcription_verdict(r recordings, seconds integer) returns text language sql stable as $$
    select case when r.transcription_status like 'skipped:%' then r.transcription_status
                when not c.record and c.record_reason = 'consent' then 'skipped:consent'
                when not coalesce(c.transcribe, case when not s.auto_transcribe then false end, n.transcribe,
                                  e.transcribe, t.transcribe) then 'skipped:off'
                when coalesce(r.duration_seconds, seconds) <= t.transcribe_over_seconds then 'skipped:short'
                else 'pending' end
      from tenants t
      left join calls c on c.id = r.call_id
      left join user_voip_settings s on s.user_id = c.user_id
      left join transcription_exceptions n on n.tenant_id = t.id and n.number_id = c.number_id
      left join transcription_exceptions e on e.tenant_id = t.id and e.client_id = c.client_id
     where t.id = r.tenant_id
$$;

-- The reason beside that word, for people; null where the word says it all.
create function transcription_reason(r recordings, word text) returns text language sql stable as $$
    select case when word = 'skipped:consent' then 'consent to the recording was refused or withdrawn'
                when word <> 'skipped:off' then null
                when not c.transcribe then 'transcription switched off for this call'
                when not s.auto_transcribe then 'transcription switched off for its user'
                when not n.transcribe then 'transcription switched off for its number'
                when n.transcribe is null and not e.transcribe then 'transcription switched off for its client'
                else 'transcription switched off' end
      from (select) x
      left join calls c on c.id = r.call_id
      left join user_voip_settings s on s.user_id = c.user_id
      left join transcription_exceptions n on n.tenant_id = r.tenant_id and n.number_id = c.number_id
      left join transcription_exceptions e on e.tenant_id = r.tenant_id and e.client_id = c.client_id
$$;

create or replace function call_json(c calls) returns json language sql stable as $$
    select (left(call_base_json(c)::text, -1) || ', ' || substr(json_build_object(
        'kind', c.kind, 'source', c.source, 'wait_seconds', c.wait_seconds, 'ring_seconds', c.ring_seconds,
        'ended_by', c.ended_by, 'voicemail', c.voicemail, 'customer_country', c.customer_country,
        'customer_place', c.customer_place, 'notes', c.notes, 'tags', c.tags, 'disposition', c.disposition,
        'follow_up_at', rfc3339(c.follow_up_at), 'value', c.value::text, 'value_currency', c.value_currency,
        'lead_status', c.lead_status, 'lead_set_by', c.lead_set_by, 'prior_calls', prior_calls(c),
        'transcribe', c.transcribe)::text, 2))::json
$$;

-- What a word about a call's transcripts changes in recordings that wait or were left out: no model is asked for the
-- ones, the others wait again.
create function call_transcribe(call uuid) returns boolean language plpgsql volatile as $$
begin
    update recordings r
       set transcription_status = v.word, transcription_reason = transcription_reason(r, v.word)
      from recordings o,
           lateral (select jsonb_populate_record(o, '{"transcription_status": "pending"}') as fresh) f,
           lateral (select transcription_verdict(f.fresh, o.duration_seconds) as word) v
     where r.id = o.id and o.call_id = call and o.tenant_id = current_tenant() and o.status = 'stored'
       and o.transcription_status in ('pending', 'skipped:off') and v.word <> o.transcription_status;
    insert into jobs (tenant_id, kind, ref)
    select r.tenant_id, 'transcribe', r.id::text
      from recordings r
     where r.call_id = call and r.tenant_id = current_tenant() and r.status = 'stored'
       and r.transcription_status = 'pending'
        on conflict (ref, kind, tenant_id) do update
       set state = 'waiting', due_at = now(), attempts = 0, finished_at = null, leased_until = null
     where jobs.state in ('done', 'dead');
    return true;
end $$;
