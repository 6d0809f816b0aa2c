-- Every CHECK of every table refuses something: a constraint without a bad row here fails, and so does a bad row whose
-- constraint lets it pass or is gone. A number where a column holds text or bytes stands for so many of
-- them.
begin;
select no_plan();

create temp table bad (name text, fields jsonb);
insert into bad values
    ('ai_requests_outcome_check', '{"outcome": 201}'),
    ('ai_requests_purpose_check', '{"purpose": "nonsense"}'),
    ('ai_requests_seconds_check', '{"seconds": -1}'),
    ('alert_rules_channel_check', '{"channel": "nonsense"}'),
    ('alert_rules_check', '{"user_id": null, "target": null}'),
    ('alert_rules_check1', '{"quiet_from": "22:00", "quiet_until": null}'),
    ('alert_rules_digest_check', '{"digest": "nonsense"}'),
    ('alert_rules_kinds_check', '{"kinds": []}'),
    ('alert_rules_kinds_check', '{"kinds": ["nonsense"]}'),
    ('alert_rules_target_check', '{"target": 2}'),
    ('alert_rules_target_check', '{"target": 255}'),
    ('alert_rules_time_zone_check', '{"time_zone": "Mars/Olympus"}'),
    ('alerts_channel_check', '{"channel": "nonsense"}'),
    ('alerts_reason_check', '{"reason": 501}'),
    ('alerts_sid_check', '{"sid": 33}'),
    ('alerts_state_check', '{"state": "nonsense"}'),
    ('alerts_target_check', '{"target": 2}'),
    ('alerts_target_check', '{"target": 255}'),
    ('analyses_action_items_check', '{"action_items": {}}'),
    ('analyses_model_check', '{"model": 0}'),
    ('analyses_model_check', '{"model": 201}'),
    ('analyses_sentiment_check', '{"sentiment": "nonsense"}'),
    ('analyses_sentiment_score_check', '{"sentiment_score": -2}'),
    ('analyses_sentiment_score_check', '{"sentiment_score": 2}'),
    ('analyses_summary_check', '{"summary": 4001}'),
    ('analyses_topics_check', '{"topics": {}}'),
    ('analyses_version_check', '{"version": 0}'),
    ('api_keys_name_check', '{"name": 0}'),
    ('api_keys_name_check', '{"name": 101}'),
    ('api_keys_prefix_check', '{"prefix": "plain"}'),
    ('api_keys_role_check', '{"role": "nonsense"}'),
    ('api_keys_scopes_check', '{"scopes": "calls"}'),
    ('api_keys_scopes_check', '{"scopes": "calls:read "}'),
    ('api_keys_secret_hash_check', '{"secret_hash": 31}'),
    ('audit_entries_action_check', '{"action": "seen"}'),
    ('audit_entries_actor_check', '{"actor": 0}'),
    ('audit_entries_actor_check', '{"actor": 201}'),
    ('audit_entries_object_check', '{"object": 201}'),
    ('audit_entries_origin_check', '{"origin": 101}'),
    ('call_intents_check', '{"mode": "agent_first"}'),
    ('call_intents_check1', '{"mode": "message"}'),
    ('call_intents_idem_key_check', '{"idem_key": 0}'),
    ('call_intents_idem_key_check', '{"idem_key": 256}'),
    ('call_intents_links_check', '{"links": {}}'),
    ('call_intents_message_check', '{"message": 0}'),
    ('call_intents_message_check', '{"message": 4097}'),
    ('call_intents_mode_check', '{"mode": "nonsense"}'),
    ('call_intents_reason_check', '{"reason": 501}'),
    ('call_intents_request_hash_check', '{"request_hash": 31}'),
    ('call_intents_state_check', '{"state": "nonsense"}'),
    ('call_legs_duration_seconds_check', '{"duration_seconds": -1}'),
    ('call_legs_parent_sid_check', '{"parent_sid": 33}'),
    ('call_legs_role_check', '{"role": "nonsense"}'),
    ('call_legs_sid_check', '{"sid": 33}'),
    ('calls_direction_check', '{"direction": "nonsense"}'),
    ('calls_duration_seconds_check', '{"duration_seconds": -1}'),
    ('calls_gate_refused_check', '{"gate_refused": "nonsense"}'),
    ('calls_missed_reason_check', '{"missed_reason": "nonsense"}'),
    ('calls_outcome_check', '{"outcome": "nonsense"}'),
    ('calls_root_role_check', '{"root_role": "nonsense"}'),
    ('calls_talk_seconds_check', '{"talk_seconds": -1}'),
    ('calls_twilio_call_sid_check', '{"twilio_call_sid": 33}'),
    ('campaigns_external_id_check', '{"external_id": 0}'),
    ('campaigns_external_id_check', '{"external_id": 201}'),
    ('campaigns_name_check', '{"name": 0}'),
    ('campaigns_name_check', '{"name": 201}'),
    ('clients_external_id_check', '{"external_id": 0}'),
    ('clients_external_id_check', '{"external_id": 201}'),
    ('clients_name_check', '{"name": 0}'),
    ('clients_name_check', '{"name": 201}'),
    ('clients_time_zone_check', '{"time_zone": 0}'),
    ('clients_time_zone_check', '{"time_zone": 65}'),
    ('contacts_external_id_check', '{"external_id": 0}'),
    ('contacts_external_id_check', '{"external_id": 201}'),
    ('contacts_name_check', '{"name": 201}'),
    ('idempotency_keys_check', '{"status": 200}'),
    ('idempotency_keys_check', '{"reply": "enc1|x"}'),
    ('idempotency_keys_head_check', '{"head": 4001}'),
    ('idempotency_keys_key_check', '{"key": 0}'),
    ('idempotency_keys_key_check', '{"key": 256}'),
    ('idempotency_keys_reply_check', '{"reply": "plain"}'),
    ('idempotency_keys_request_hash_check', '{"request_hash": 31}'),
    ('idempotency_keys_status_check', '{"status": 199}'),
    ('idempotency_keys_status_check', '{"status": 600}'),
    ('idempotency_keys_type_check', '{"type": 101}'),
    ('identity_providers_audience_check', '{"audience": 0}'),
    ('identity_providers_audience_check', '{"audience": 501}'),
    ('identity_providers_check', '{"kind": "secret"}'),
    ('identity_providers_check', '{"kind": "jwks", "secret": "enc1|x"}'),
    ('identity_providers_check1', '{"kind": "jwks"}'),
    ('identity_providers_check1', '{"kind": "secret", "jwks_url": "https://a.example"}'),
    ('identity_providers_claim_check', '{"claim": "nonsense"}'),
    ('identity_providers_issuer_check', '{"issuer": 0}'),
    ('identity_providers_issuer_check', '{"issuer": 501}'),
    ('identity_providers_jwks_url_check', '{"jwks_url": "file:///etc/passwd"}'),
    ('identity_providers_kind_check', '{"kind": "nonsense"}'),
    ('identity_providers_secret_check', '{"secret": "in the clear"}'),
    ('jobs_attempts_check', '{"attempts": -1}'),
    ('jobs_kind_check', '{"kind": "Fetch"}'),
    ('jobs_reason_check', '{"reason": 501}'),
    ('jobs_ref_check', '{"ref": 0}'),
    ('jobs_ref_check', '{"ref": 201}'),
    ('jobs_state_check', '{"state": "nonsense"}'),
    ('login_attempts_account_check', '{"account": 31}'),
    ('login_attempts_failures_check', '{"failures": -1}'),
    ('login_attempts_place_check', '{"place": 101}'),
    ('mail_links_kind_check', '{"kind": "nonsense"}'),
    ('mail_links_token_hash_check', '{"token_hash": 31}'),
    ('mail_outbox_kind_check', '{"kind": "nonsense"}'),
    ('notices_detail_check', '{"detail": []}'),
    ('notices_kind_check', '{"kind": "nonsense"}'),
    ('notices_ref_check', '{"ref": 0}'),
    ('notices_ref_check', '{"ref": 201}'),
    ('numbers_check', '{"e164": "+442079460958", "forward_to": "+442079460958"}'),
    ('numbers_disclosure_check', '{"disclosure": 4097}'),
    ('numbers_disclosure_mode_check', '{"disclosure_mode": "nonsense"}'),
    ('numbers_greeting_check', '{"greeting": 4097}'),
    ('numbers_record_mode_check', '{"record_mode": "nonsense"}'),
    ('numbers_ring_timeout_seconds_check', '{"ring_timeout_seconds": 4}'),
    ('numbers_ring_timeout_seconds_check', '{"ring_timeout_seconds": 601}'),
    ('numbers_twilio_sid_check', '{"twilio_sid": "plain"}'),
    ('rate_buckets_subject_check', '{"subject": 61}'),
    ('recordings_bytes_check', '{"bytes": 0}'),
    ('recordings_call_sid_check', '{"call_sid": "plain"}'),
    ('recordings_channels_check', '{"channels": 0}'),
    ('recordings_channels_check', '{"channels": 3}'),
    ('recordings_check', '{"status": "stored"}'),
    ('recordings_check', '{"status": "completed", "path": "x", "sha256": "\\x00"}'),
    ('recordings_duration_seconds_check', '{"duration_seconds": -1}'),
    ('recordings_kind_check', '{"kind": "nonsense"}'),
    ('recordings_path_check', '{"path": "../../etc/passwd"}'),
    ('recordings_peaks_check', '{"peaks": 8001}'),
    ('recordings_sha256_check', '{"sha256": 31}'),
    ('recordings_sid_check', '{"sid": "plain"}'),
    ('recordings_source_check', '{"source": 61}'),
    ('recordings_status_check', '{"status": "lost"}'),
    ('recordings_status_reason_check', '{"status_reason": 501}'),
    ('recordings_transcription_reason_check', '{"transcription_reason": 501}'),
    ('recordings_transcription_status_check', '{"transcription_status": "nonsense"}'),
    ('sessions_agent_check', '{"agent": 201}'),
    ('sessions_origin_check', '{"origin": 101}'),
    ('sessions_token_hash_check', '{"token_hash": 31}'),
    ('tenant_keys_sealed_check', '{"sealed": "plain"}'),
    ('tenant_origins_origin_check', '{"origin": "https://*.example"}'),
    ('tenant_origins_origin_check', '{"origin": "https://a.example/"}'),
    ('tenants_connecting_check', '{"connecting": 4097}'),
    ('tenants_country_check', '{"country": "plain"}'),
    ('tenants_dial_blocked_prefixes_check', '{"dial_blocked_prefixes": "44"}'),
    ('tenants_dial_blocked_prefixes_check', '{"dial_blocked_prefixes": "+44,+1"}'),
    ('tenants_dial_concurrent_check', '{"dial_concurrent": -1}'),
    ('tenants_dial_concurrent_check', '{"dial_concurrent": 10001}'),
    ('tenants_dial_countries_check', '{"dial_countries": "gb"}'),
    ('tenants_dial_countries_check', '{"dial_countries": "GB,US"}'),
    ('tenants_dial_minutes_per_day_check', '{"dial_minutes_per_day": -1}'),
    ('tenants_dial_money_per_day_check', '{"dial_money_per_day": -1}'),
    ('tenants_dial_per_second_check', '{"dial_per_second": -1}'),
    ('tenants_dial_per_second_check', '{"dial_per_second": 1001}'),
    ('tenants_disclosure_check', '{"disclosure": 4097}'),
    ('tenants_disclosure_mode_check', '{"disclosure_mode": "nonsense"}'),
    ('tenants_greeting_check', '{"greeting": 4097}'),
    ('tenants_key_requests_per_minute_check', '{"key_requests_per_minute": 0}'),
    ('tenants_key_requests_per_minute_check', '{"key_requests_per_minute": 1000001}'),
    ('tenants_language_check', '{"language": 1}'),
    ('tenants_language_check', '{"language": 21}'),
    ('tenants_name_check', '{"name": 0}'),
    ('tenants_name_check', '{"name": 201}'),
    ('tenants_requests_per_minute_check', '{"requests_per_minute": 0}'),
    ('tenants_requests_per_minute_check', '{"requests_per_minute": 1000001}'),
    ('tenants_ring_timeout_seconds_check', '{"ring_timeout_seconds": 4}'),
    ('tenants_ring_timeout_seconds_check', '{"ring_timeout_seconds": 601}'),
    ('tenants_time_zone_check', '{"time_zone": 0}'),
    ('tenants_time_zone_check', '{"time_zone": 65}'),
    ('tenants_transcribe_over_seconds_check', '{"transcribe_over_seconds": -1}'),
    ('tenants_unanswered_check', '{"unanswered": 4097}'),
    ('tenants_voice_check', '{"voice": 0}'),
    ('tenants_voice_check', '{"voice": 101}'),
    ('transcripts_language_check', '{"language": 41}'),
    ('transcripts_model_check', '{"model": 0}'),
    ('transcripts_model_check', '{"model": 201}'),
    ('transcripts_segments_check', '{"segments": {}}'),
    ('transcripts_version_check', '{"version": 0}'),
    ('twilio_configurations_account_sid_check', '{"account_sid": "plain"}'),
    ('twilio_configurations_api_base_url_check', '{"api_base_url": "plain"}'),
    ('twilio_configurations_api_key_secret_check', '{"api_key_secret": "plain"}'),
    ('twilio_configurations_api_key_sid_check', '{"api_key_sid": "plain"}'),
    ('twilio_configurations_auth_token_check', '{"auth_token": "plain"}'),
    ('twilio_configurations_auth_token_secondary_check', '{"auth_token_secondary": "plain"}'),
    ('twilio_configurations_edge_check', '{"edge": "Dublin"}'),
    ('twilio_configurations_region_check', '{"region": "plain"}'),
    ('twilio_configurations_twiml_app_sid_check', '{"twiml_app_sid": "plain"}'),
    ('users_email_check', '{"email": "A@b.example"}'),
    ('users_email_check', '{"email": "@b"}'),
    ('users_email_check', '{"email": 255}'),
    ('users_external_id_check', '{"external_id": 0}'),
    ('users_external_id_check', '{"external_id": 256}'),
    ('users_name_check', '{"name": 201}'),
    ('users_password_hash_check', '{"password_hash": "plain"}'),
    ('users_role_check', '{"role": "nonsense"}'),
    ('webhook_attempts_duration_ms_check', '{"duration_ms": -1}'),
    ('webhook_attempts_error_check', '{"error": 501}'),
    ('webhook_attempts_n_check', '{"n": 0}'),
    ('webhook_attempts_response_check', '{"response": 8193}'),
    ('webhook_attempts_status_check', '{"status": 99}'),
    ('webhook_attempts_status_check', '{"status": 1000}'),
    ('webhook_deliveries_attempts_check', '{"attempts": -1}'),
    ('webhook_deliveries_check', '{"state": "delivered", "ended_at": null}'),
    ('webhook_deliveries_state_check', '{"state": "nonsense"}'),
    ('webhook_endpoints_check', '{"old_secret": "enc2|a|b", "old_until": null}'),
    ('webhook_endpoints_check1', '{"enabled": false, "disabled_at": null}'),
    ('webhook_endpoints_description_check', '{"description": 201}'),
    ('webhook_endpoints_disabled_reason_check', '{"disabled_reason": 501}'),
    ('webhook_endpoints_events_check', '{"events": []}'),
    ('webhook_endpoints_events_check', '{"events": ["nonsense"]}'),
    ('webhook_endpoints_old_secret_check', '{"old_secret": "plain"}'),
    ('webhook_endpoints_secret_check', '{"secret": "enc1|a|b|c"}'),
    ('webhook_endpoints_url_check', '{"url": 7}'),
    ('webhook_endpoints_url_check', '{"url": 2001}'),
    ('webhook_messages_body_check', jsonb_build_object('body', repeat('x', 20480))),
    ('webhook_messages_type_check', '{"type": "nonsense"}'),
    ('webhook_sequences_last_check', '{"last": 0}');

create temp view checked as
    select c.conname as name, c.conrelid, pg_get_expr(c.conbin, c.conrelid) as expr, c.convalidated
      from pg_constraint c
     where c.contype = 'c' and c.conrelid <> 0 and c.connamespace = 'public'::regnamespace;

-- The fields as a row of the table, all others null; then what the constraint says of it.
create function verdict(name text, fields jsonb) returns boolean language plpgsql as $$
declare
    c  record;
    it boolean;
    of jsonb;
begin
    select * into c from checked where checked.name = verdict.name;
    select jsonb_object_agg(f.key, case when jsonb_typeof(f.value) <> 'number' then f.value
                                        when a.atttypid = 'text'::regtype
                                        then to_jsonb(repeat('x', f.value::text::integer))
                                        when a.atttypid = 'bytea'::regtype
                                        then to_jsonb('\x' || repeat('00', f.value::text::integer))
                                        else f.value end)
      into of
      from jsonb_each(fields) f
      join pg_attribute a on a.attrelid = c.conrelid and a.attname = f.key;
    execute format('select %s from jsonb_populate_record(null::%s, $1)', c.expr, c.conrelid::regclass) into it using of;
    return it;
end $$;

select cmp_ok(count(*)::int, '>=', 139, 'there are constraints to look at') from checked;
select is_empty('select name from checked where not convalidated', 'every constraint holds for old rows too');
select is_empty('select name from checked where name not in (select name from bad)', 'every constraint has a bad row');
select is_empty('select name from bad where name not in (select name from checked)', 'and every bad row a constraint');
select is(verdict(b.name, b.fields), false, format('%s refuses %s', b.name, b.fields)) from bad b
 where b.name in (select name from checked);

-- One of each kind by a real insert: the verdict above is the database's own.
insert into tenants (id, name) values ('01890000-0000-7000-8000-00000000000a', 'A');
select throws_ok($$ update tenants set name = '' $$, '23514', null, 'a length');
select throws_ok($$ update tenants set country = 'gb' $$, '23514', null, 'a pattern');
select throws_ok($$ update tenants set disclosure_mode = 'x' $$, '23514', null, 'a word');
select throws_ok($$ update tenants set ring_timeout_seconds = 4 $$, '23514', null, 'a range');
select throws_ok($$ insert into identity_providers (tenant_id, issuer, audience, kind)
                    select id, 'i', 'a', 'jwks' from tenants $$, '23514', null, 'two columns together');

select finish();
rollback;
