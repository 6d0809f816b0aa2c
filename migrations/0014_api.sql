-- What the API's documents are built with.
set local role switchhook_owner;

-- RFC 3339 in UTC with milliseconds; null stays null.
create function rfc3339(timestamptz) returns text language sql stable parallel safe as $$
    select to_char($1 at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- One call as the API shows it in lists.
create function call_json(c calls) returns json language sql stable as $$
    select json_build_object(
        'id', c.id, 'twilio_call_sid', c.twilio_call_sid, 'direction', c.direction, 'status', c.status,
        'outcome', c.outcome, 'missed_reason', c.missed_reason, 'from_number', c.from_number, 'to_number', c.to_number,
        'customer_number', c.customer_number, 'withheld', c.withheld, 'number_id', c.number_id,
        'client_id', c.client_id, 'user_id', c.user_id, 'campaign_id', c.campaign_id, 'contact_id', c.contact_id,
        'record', c.record, 'test', c.test, 'duration_seconds', c.duration_seconds, 'talk_seconds', c.talk_seconds,
        'recording_url', c.recording_url, 'price', c.price::text, 'price_unit', c.price_unit,
        'created_at', rfc3339(c.created_at), 'answered_at', rfc3339(c.answered_at), 'ended_at', rfc3339(c.ended_at))
$$;
