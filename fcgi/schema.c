/* The documents that the API answers with. Replies may grow: a client lets pass what it does not know. */
#include "schema.h"

#include <stdbool.h>
#include <string.h>

#define CALL_MEMBERS                                                                                                \
    "id:uuid twilio_call_sid:sid? direction:inbound|outbound "                                                      \
    "status:queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled outcome:text? "           \
    "missed_reason:text? from_number:text? to_number:text? customer_number:text? withheld:bool number_id:uuid? "    \
    "client_id:uuid? user_id:uuid? campaign_id:uuid? contact_id:uuid? conversation_id:uuid? record:bool test:bool " \
    "duration_seconds:int? "                                                                                        \
    "talk_seconds:int? recording_url:text? price:money? price_unit:text? created_at:time answered_at:time? "        \
    "ended_at:time? kind:conversation|message|manual source:text? wait_seconds:int? ring_seconds:int? "             \
    "ended_by:text? voicemail:bool customer_country:text? customer_place:text? notes:text? tags:[text] "            \
    "disposition:text? follow_up_at:time? value:money? value_currency:text? lead_status:text? lead_set_by:text? "   \
    "prior_calls:int? transcribe:bool? contact_name:text? client_name:text? campaign_name:text? user_name:text? "   \
    "sentiment:text?"

#define CONSENT_MEMBERS                                                                                            \
    "id:uuid number:phone? erased:bool contact_id:uuid? client_id:uuid? call_id:uuid? "                            \
    "purpose:recording|call|sms decision:granted|refused|withdrawn method:announcement|keypress|agent|api|import " \
    "evidence:obj "                                                                                                \
    "created_at:time created_by:text"

#define KEY_MEMBERS                                                                         \
    "id:uuid prefix:text name:text role:admin|manager|agent|viewer scopes:text? test:bool " \
    "state:active|expired|revoked created_at:time last_used_at:time? expires_at:time? revoked_at:time?"

#define ENDPOINT_MEMBERS                                                                   \
    "id:uuid url:text description:text? events:[text] enabled:bool disabled_reason:text? " \
    "disabled_at:time? old_secret_until:time? created_at:time"

#define REPORT_MEMBERS                                                                           \
    "id:uuid schedule_id:uuid client_id:uuid? every:week|month from:text to:text subject:text? " \
    "created_at:time mails:[ReportMail]"

/* clang-format off */
const struct schema schemas[] = {
    { "Call", CALL_MEMBERS },
    { "CallDetail", CALL_MEMBERS " etag:text record_reason:text announced:Announced? verdict:any? links:[any] "
             "held:bool conference:bool recording_paused:bool recording_paused_until:time? transfer:Transfer? "
             "legs:[Leg] events:[CallEvent] recordings:[CallRecording] timeline:[Moment] "
             "cost:CallCost why:[text]" },
    { "Announced", "at:time basis:notice text:text language:text said_since:time" },
    { "CallAttribution", "call_id:uuid days:int touchpoints:[Touch] models:[CallModel]" },
    { "CallModel", "model:first|last|lead|split credits:[Touch]" },
    { "Touch", "call_id:uuid at:time source:text? campaign_id:uuid? campaign_name:text? "
             "because:touchpoint|number|none credit:num?" },
    { "Transfer", "mode:blind|warm to:text state:sent|consulting|completed|cancelled" },
    { "CallControl", "call_id:uuid command:text state:done|unknown held:bool conference:bool recording_paused:bool "
             "recording_paused_until:time? transfer:Transfer?" },
    { "Moment", "at:time what:text sid:text? detail:text? took_ms:number? twiml:text?" },
    { "CallCost", "total:obj entries:[CostEntry] complete:bool" },
    { "CostEntry", "kind:text ref:text amount:money currency:text noted_at:time" },
    { "Leg", "sid:sid parent_sid:sid? role:customer|agent|other status:text dial_status:text? endpoint:text? "
             "started_at:time? rang_at:time? answered_at:time? ended_at:time? duration_seconds:int?" },
    { "CallEvent", "type:text kind:text call_sid:text received_at:time" },
    { "CallRecording", "id:uuid sid:sid kind:call|voicemail status:text status_reason:text? channels:int? "
             "duration_seconds:int? bytes:int? sha256:text? created_at:time transcription_status:text "
             "transcription_reason:text? transcript:Transcript? analysis:Analysis?" },
    { "Transcript", "id:uuid version:int model:text language:text? text:text segments:[any] created_at:time" },
    { "Analysis", "id:uuid version:int model:text sentiment:positive|neutral|negative sentiment_score:num summary:text "
             "action_items:[any] done:[Done] topics:[any] created_at:time" },
    { "Done", "item:int by:text at:time" },
    { "Tick", "transcript_id:uuid item:int done:bool tick:Done?" },
    { "Recording", "id:uuid sid:sid call_id:uuid? call_sid:sid kind:call|voicemail status:text status_reason:text? "
             "channels:int? duration_seconds:int? bytes:int? sha256:text? transcription_status:text "
             "transcription_reason:text? created_at:time hold:Hold?" },
    { "Hold", "id:uuid kind:call|contact|client ref:uuid reason:text placed_by:text placed_at:time lifted_by:text? "
             "lifted_at:time?" },
    { "Erasure", "id:uuid contact_ids:[uuid] by_number:bool asked_by:text asked_at:time "
             "state:waiting|running|held|parked|failed|done reason:text? next_attempt_at:time? counts:obj "
             "held:[ErasureHold] twilio:obj digest:text? done_at:time? again_at:time?" },
    { "ErasurePreview", "counts:obj held:[ErasureHold] running_calls:int" },
    { "ErasureHold", "hold_id:uuid kind:call|contact|client ref:uuid reason:text placed_at:time calls:int" },
    { "Waveform", "recording_id:uuid channels:int duration_seconds:int? slices:int peaks:[any]" },
    { "RecordingSettings", "link_seconds:int storage:disk|s3|twilio? encrypt:bool?" },
    { "Link", "url:text expires_at:time" },
    { "SubjectExport", "schema:text made_at:time tenant:obj subject:obj found:obj contacts:[any] conversations:[any] "
             "consents:[any] questions:[any] do_not_call:[any] holds:[any] views:[any] mentions:[any] calls:[any] "
             "legs:[any] requests:[any] commands:[any] controls:[any] events:[any] answers:[any] recordings:[any] "
             "transcripts:[any] analyses:[any] runs:[any] models:[any] conversions:[any] ledger:[any] "
             "messages:[any] deliveries:[any] "
             "notices:[any] alerts:[any] accesses:[any]" },
    { "TranscriptVersion", "id:uuid recording_id:uuid version:int model:text language:text? text:text segments:[any] "
             "cost:money? currency:text? asked_by:text? created_at:time analysis:Analysis?" },
    { "TranscriptRun", "id:uuid recording_id:uuid model:text language:text? estimate:money? currency:text? "
             "asked_by:text state:waiting|running|parked|dead|done reason:text? next_attempt_at:time? "
             "transcript_id:uuid? created_at:time" },
    { "Transcripts", "recording_id:uuid status:text reason:text? next_attempt_at:time? versions:[TranscriptVersion] "
             "runs:[TranscriptRun]" },
    { "TranscriptHit", "id:uuid recording_id:uuid call_id:uuid? version:int model:text language:text? hits:[Piece] "
             "created_at:time" },
    { "Piece", "text:text hit:bool" },
    { "Estimate", "recording_id:uuid model:text seconds:int unit:text? price:money? cost:money? currency:text?" },
    { "Keyword", "id:uuid phrase:text heard_from:anybody|agent|customer|topics tag:text created_at:time" },
    { "Transcription", "language:text? minutes_per_month:int? analysis:bool exceptions:[TranscriptionException]" },
    { "TranscriptionException", "client_id:uuid? number_id:uuid? transcribe:any language:text?" },
    { "Job", "id:uuid kind:text ref:text call_id:uuid? state:waiting|running|parked|dead|done attempts:int "
             "cause:text? reason:text? next_attempt_at:time? created_at:time" },
    { "Sweep", "hosts:[SweepHost] jobs:[SweepJobs] alarms:[Alarm]" },
    { "SweepHost", "host:text started_at:time seen_at:time jobs_done:int" },
    { "SweepJobs", "kind:text state:text cause:text? jobs:int reason:text? oldest_at:time next_attempt_at:time?" },
    { "Alarm", "id:uuid cause:text reason:text? count:int first_at:time last_at:time cleared_at:time?" },
    { "Requeued", "requeued:int" },
    { "Event", "id:uuid type:text kind:text call_id:uuid? call_sid:text? received_at:time" },
    { "Contact", "id:uuid external_id:text? name:text phone_number:phone? time_zone:text? created_at:time" },
    { "Client", "id:uuid external_id:text? name:text forward_to:phone? time_zone:text? disclosure_language:text? "
             "quality_low_seconds:int quality_high_seconds:int created_at:time" },
    { "Campaign", "id:uuid external_id:text? name:text created_at:time source:text? medium:text?" },
    { "Conversation", "id:uuid contact_id:uuid? customer_number:text? campaign_id:uuid? closed:bool created_at:time "
             "closed_at:time?" },
    { "Number", "id:uuid phone_number:phone twilio_sid:sid? client_id:uuid? user_id:uuid? campaign_id:uuid? pool:text? "
             "state:available|assigned|cooling|disabled|released disabled:bool "
             "forward_to:phone? greeting:text? disclosure_mode:text? disclosure:text? record:bool? record_mode:text "
             "mask_caller:bool disclosure_language:text? ring_timeout_seconds:int? type:text? "
             "capabilities:any? monthly_price:money? "
             "currency:text? healthy:bool? cooling_until:time? release_asked_at:time? created_at:time source:text?" },
    { "Offer", "phone_number:phone friendly_name:text locality:text? region:text? "
             "type:local|mobile|toll-free|national capabilities:Capabilities monthly_price:money? currency:text? "
             "address_requirement:none|any|local|foreign bundle_required:bool?" },
    { "Capabilities", "voice:bool sms:bool mms:bool" },
    { "AvailableNumbers", "country:text pattern:text? area_code:text? numbers:[Offer]" },
    { "Purchase", "status:purchased|unknown phone_number:phone sid:sid? number:Number?" },
    { "Adoption", "adopted:int waiting:int" },
    { "NumberChecks", "drifted:int not_adopted:int" },
    { "NumberHealth", "id:uuid phone_number:phone status:ok|drift|vanished|unchecked drift:[NumberDrift] "
             "checked_at:time? vanished_at:time? apply_asked_at:time?" },
    { "NumberDrift", "what:text is:text wanted:text" },
    { "Assignment", "id:uuid user_id:uuid? client_id:uuid? campaign_id:uuid? pool:text? forward_to:phone? from_at:time "
             "to_at:time?" },
    { "DncList", "id:uuid name:text entries:int created_at:time" },
    { "DncEntry", "number:phone? erased:bool list_id:uuid list:text reason:text? added_by:text created_at:time" },
    { "DncImport", "rows:int added:int known:int bad:int errors:[DncFault]" },
    { "DncFault", "line:int detail:text" },
    { "Consent", CONSENT_MEMBERS },
    { "ConsentRecorded", CONSENT_MEMBERS " recordings_stopped:int recordings_running:int" },
    { "Disclosure", "id:uuid client_id:uuid? language:text? disclosure:text question:text? goodbye:text? voice:text? "
             "created_at:time" },
    { "CallView", "id:uuid name:text query:text columns:[any] shared:bool user_id:uuid? created_at:time" },
    { "Dispositions", "dispositions:[Disposition]" },
    { "Disposition", "word:text do_not_call:bool asks_time:bool lead_status:text?" },
    { "LeadRules", "rules:[LeadRule]" },
    { "LeadRule", "status:open|qualified|unqualified|spam|duplicate min_talk_seconds:int? max_talk_seconds:int? "
             "min_prior_calls:int? outcome:text? disposition:text? source:text? country:text? tag:text?" },
    { "Prices", "prices:[Price]" },
    { "Price", "kind:number|transcribe|analyse item:text unit:month|minute|request amount:money currency:text" },
    { "Conversion", "id:uuid call_id:uuid? external_id:text? name:text value:money currency:text happened_at:time "
             "created_at:time" },
    { "Imported", "imported:int unknown_rows:[int]" },
    { "Budget", "id:uuid client_id:uuid? campaign_id:uuid? amount:money currency:text spent:money alerts:[any] "
             "created_at:time" },
    { "Stats", "as_of:time time_zone:text from:text to:text *" },
    { "StatsTable", "as_of:time time_zone:text from:text to:text data:[any] *" },
    { "User", "id:uuid email:text name:text role:admin|manager|agent|viewer forward_to:phone? "
             "rings:phone|browser|both available:bool presence:available|auto|busy|away|offline away_reason:text? "
             "work_hours:text? auto_record:bool auto_transcribe:bool status:active|invited|disabled created_at:time "
             "last_login_at:time?" },
    { "Colleague", "id:uuid name:text role:admin|manager|agent|viewer presence:available|busy|away|offline "
             "away_reason:text? in_call:bool rings:browser|phone?" },
    { "Who", "id:uuid email:text name:text role:admin|manager|agent|viewer" },
    { "Login", "user:Who session_id:uuid expires_at:time csrf_token:text" },
    { "Session", "id:uuid current:bool origin:text? agent:text? created_at:time seen_at:time expires_at:time" },
    { "SessionsBeside", "data:[SessionBeside]" },
    { "SessionBeside", "session_id:uuid expires_at:time user:Who tenant:Named" },
    { "Named", "id:uuid name:text" },
    { "Held", "id:uuid expires_at:time" },
    { "Tenant", "id:uuid name:text time_zone:text language:text country:text" },
    { "MyPhone", "caller_id:phone? caller_ids:[phone] wrap_up_seconds:int disposition_required:bool" },
    { "Me", "user:User? key:text? role:admin|manager|agent|viewer tenant:Tenant phone:MyPhone? session:Held? "
             "csrf_token:text?" },
    { "Settings", "name:text time_zone:text country:text language:text voice:text? greeting:text connecting:text "
             "disclosure_mode:off|announce|keypress disclosure:text disclosure_question:text? "
             "disclosure_goodbye:text? disclosure_refused:continue|end disclosure_agents:bool unanswered:text "
             "record:bool transcribe:bool "
             "transcribe_over_seconds:int ring_timeout_seconds:int default_number:phone? encrypt_metadata:bool "
             "calling_hours:text? holidays:text? consent_mode:off|required abandoned_seconds:int "
             "answer_within_seconds:int wrap_up_seconds:int disposition_required:bool" },
    { "TwilioAccount", "account_sid:sid auth_token_set:bool auth_token_secondary_set:bool api_key_sid:sid? "
             "api_key_secret_set:bool twiml_app_sid:sid? region:text? edge:text? updated_at:time" },
    { "TwilioCheck", "account_sid:sid name:text? status:text? type:text? balance:text? currency:text?" },
    { "ModelCheck", "endpoint:text transcribe_model:text transcribe_known:any analyse_model:text analyse_known:any" },
    { "MailCheck", "to:text" },
    { "TwilioCheck", "account_sid:sid name:text? status:text? type:text? balance:text? currency:text?" },
    { "ModelCheck", "endpoint:text transcribe_model:text transcribe_known:any analyse_model:text analyse_known:any" },
    { "MailCheck", "to:text" },
    { "Origins", "origins:[text]" },
    { "RefusedOrigins", "refused:[RefusedOrigin]" },
    { "RefusedOrigin", "origin:text times:int first_at:time last_at:time" },
    { "EmbedGate", "allowed:bool" },
    { "EmbedTicket", "ticket:text origin:text user_id:uuid expires_at:time" },
    { "EmbedSession", "token:text origin:text user_id:uuid session_id:uuid expires_at:time" },
    { "Accepted", "status:text" },
    { "User", "id:uuid email:text name:text role:admin|manager|agent|viewer forward_to:phone? "
             "rings:phone|browser|both available:bool presence:available|auto|busy|away|offline away_reason:text? "
             "work_hours:text? auto_record:bool auto_transcribe:bool status:active|invited|disabled created_at:time "
             "last_login_at:time?" },
    { "Me", "user:User? key:text? role:text tenant:obj phone:obj? session:obj? csrf_token:text?" },
    { "Login", "user:obj session_id:uuid expires_at:time csrf_token:text" },
    { "Session", "id:uuid created_at:time seen_at:time expires_at:time origin:text? agent:text? current:bool" },
    { "Accepted", "status:text" },
    { "Settings", "name:text time_zone:text country:text language:text voice:text? greeting:text connecting:text "
             "disclosure_mode:off|announce|keypress disclosure:text disclosure_question:text? "
             "disclosure_goodbye:text? disclosure_refused:continue|end disclosure_agents:bool unanswered:text "
             "record:bool transcribe:bool "
             "transcribe_over_seconds:int ring_timeout_seconds:int default_number:phone? encrypt_metadata:bool "
             "calling_hours:text? holidays:text? consent_mode:off|required abandoned_seconds:int "
             "answer_within_seconds:int wrap_up_seconds:int disposition_required:bool" },
    { "TwilioAccount", "account_sid:sid auth_token_set:bool auth_token_secondary_set:bool api_key_sid:sid? "
             "api_key_secret_set:bool twiml_app_sid:sid? region:text? edge:text? updated_at:time" },
    { "Origins", "origins:[text]" },
    { "Key", KEY_MEMBERS },
    { "NewKey", KEY_MEMBERS " key:text" },
    { "Finding", "id:text what:text state:ok|warning|error consequence:text fix:text count:int items:[text]" },
    { "Doctor", "errors:int warnings:int ok:int findings:[Finding]" },
    { "Limits", "countries:[text] blocked_prefixes:[text] per_second:int? concurrent:int? minutes_per_day:int? "
             "money_per_day:money? stopped:bool stopped_at:time? requests_per_minute:int key_requests_per_minute:int" },
    { "AuditEntry", "id:uuid seq:int created_at:time actor:text actor_name:text? origin:text? action:text object:text "
             "old:any new:any detail:obj" },
    { "WebhookEndpoint", ENDPOINT_MEMBERS },
    { "NewWebhookEndpoint", ENDPOINT_MEMBERS " secret:text" },
    { "WebhookDelivery", "id:uuid endpoint_id:uuid message_id:text type:text call_id:uuid? "
             "state:waiting|delivered|failed|dropped resent:bool url:text body:obj created_at:time ended_at:time? "
             "next_at:time? attempts:[WebhookAttempt]" },
    { "WebhookAttempt", "n:int at:time status:int? duration_ms:int response:text error:text?" },
    { "Sent", "delivery_id:uuid" },
    { "Replayed", "deliveries:int" },
    { "AlertRule", "id:uuid user_id:uuid? client_id:uuid? kinds:[text] channel:mail|sms target:text? time_zone:text? "
             "quiet_from:text? quiet_until:text? digest:none|hourly|daily digest_at:text enabled:bool "
             "created_at:time" },
    { "Alert", "id:uuid kind:text ref:text call_id:uuid? rule_id:uuid? channel:mail|sms target:text "
             "state:waiting|sending|sent|failed|unknown sid:sid? reason:text? detail:obj due_at:time created_at:time "
             "ended_at:time?" },
    { "ReportSchedule", "id:uuid client_id:uuid? every:week|month recipients:[text] send_at:text enabled:bool "
             "created_at:time" },
    { "Report", REPORT_MEMBERS },
    { "ReportDetail", REPORT_MEMBERS " figures:obj html:text? text:text?" },
    { "ReportMail", "recipient:text state:waiting|sent|failed reason:text? ended_at:time?" },
    { "ReportSent", "report_id:uuid" },
    { "Retention", "audio_days:int? text_days:int? metadata_days:int? default_days:int? by_default:[text] "
             "clients:[RetentionClient]" },
    { "RetentionClient", "client_id:uuid *" },
    { "RetentionPreview", "time_zone:text days:int wanted:any? tonight:RetentionTaking within:RetentionTaking" },
    { "RetentionTaking", "date:text complete:bool lines:[RetentionLine]" },
    { "RetentionLine", "kind:audio|text|metadata|stray client_id:uuid? items:int bytes:int oldest_at:time? held:int "
             "held_bytes:int" },
    { "RetentionRun", "id:uuid date:text asked_by:text? asked_by_name:text? state:running|done|failed "
             "phase:audio|text|metadata|stray|files waiting:int recordings_told:int reason:text? started_at:time "
             "finished_at:time? lines:[RetentionLine]" },
    { "OpenApi", "openapi:text info:obj paths:obj" },
    { "Health", "status:text" },
    { "Ready", "status:text schema:obj spool_bytes:int" },
    { "Environment", "success:bool settings:obj tenant:obj" },
    { "GuideCall", "success:bool callSid:sid? status:text callId:uuid" },
    { "VoiceToken", "token:text identity:text caller_id:phone region:text? expires_at:time" },
    { "GuideToken", "success:bool data:GuideTokenData" },
    { "GuideTokenData", "token:text identity:text callerId:phone expiresAt:time" },
    { "GuideNumbers", "success:bool country:text pattern:text? areaCode:text? numbers:[GuideOffer]" },
    { "GuideOffer", "phoneNumber:phone friendlyName:text locality:text? region:text? "
             "type:local|mobile|toll-free|national capabilities:Capabilities monthlyPrice:money? currency:text? "
             "addressRequirement:none|any|local|foreign bundleRequired:bool?" },
    { "GuidePurchase", "success:bool phoneNumber:phone sid:sid? status:purchased|unknown numberId:uuid?" },
    { "GuideAssignment", "success:bool assignment:Number" },
    { "GuideRecordings", "success:bool callSid:sid status:text recordings:[GuideRecording]" },
    { "GuideRecording", "sid:sid kind:call|voicemail status:text durationSeconds:int? channels:int? createdAt:time "
             "url:text? expiresAt:time?" },
    { "GuideError", "success:bool error:text code:text cure:text request_id:text" },
    { "Fault", "pointer:text code:text detail:text" },
    { NULL, NULL },
};

static const struct {
    const char *word, *type, *more;
} types[] = {
    { "text",  "string",  "" },
    { "uuid",  "string",  ",\"format\":\"uuid\"" },
    { "time",  "string",  ",\"format\":\"date-time\"" },
    { "sid",   "string",  ",\"pattern\":\"^[A-Z]{2}[0-9a-f]{32}$\"" },
    { "phone", "string",  ",\"pattern\":\"^[+][1-9][0-9]{6,14}$\"" },
    { "money", "string",  ",\"pattern\":\"^-?[0-9]+([.][0-9]+)?$\"" },
    { "int",   "integer", "" },
    { "num",   "number",  "" },
    { "bool",  "boolean", "" },
    { "obj",   "object",  "" },
};
/* clang-format on */

static void write_words(struct buf *b, const char *type, size_t n, bool null)
{
    buf_str(b, null ? "{\"type\":[\"string\",\"null\"],\"enum\":[\"" : "{\"type\":\"string\",\"enum\":[\"");
    for (size_t i = 0; i < n; i++) {
        if (type[i] == '|') buf_str(b, "\",\"");
        else buf_add(b, type + i, 1);
    }
    buf_str(b, null ? "\",null]}" : "\"]}");
}

static void write_named(struct buf *b, const char *type, size_t n, bool null)
{
    buf_printf(b,
               null ? "{\"anyOf\":[{\"$ref\":\"#/components/schemas/%.*s\"},{\"type\":\"null\"}]}"
                    : "{\"$ref\":\"#/components/schemas/%.*s\"}",
               (int)n, type);
}

/* type: n bytes without the ?. */
static void write_type(struct buf *b, const char *type, size_t n, bool null)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strlen(types[i].word) != n || memcmp(types[i].word, type, n) != 0) continue;
        buf_printf(b, null ? "{\"type\":[\"%s\",\"null\"]%s}" : "{\"type\":\"%s\"%s}", types[i].type, types[i].more);
        return;
    }
    if (memchr(type, '|', n) != NULL) write_words(b, type, n, null);
    else if (*type >= 'A' && *type <= 'Z') write_named(b, type, n, null);
    else buf_str(b, "{}");
}

static void write_member(struct buf *b, const char *type, size_t n)
{
    const bool null = n > 0 && type[n - 1] == '?';
    if (null) n--;
    if (*type != '[') {
        write_type(b, type, n, null);
        return;
    }
    buf_str(b, "{\"type\":\"array\",\"items\":");
    write_type(b, type + 1, n - 2, false);
    buf_str(b, "}");
}

void schema_write(struct buf *b, const struct schema *s)
{
    const char *comma = "", *more = "";
    buf_str(b, "{\"type\":\"object\",\"properties\":{");
    for (const char *m = s->members; *m != '\0'; m += strspn(m, " "), comma = ",") {
        if (*m == '*') { /* and others */
            more = ",\"additionalProperties\":true";
            break;
        }
        size_t name = strcspn(m, ":"), all = strcspn(m, " ");
        buf_printf(b, "%s\"%.*s\":", comma, (int)name, m);
        write_member(b, m + name + 1, all - name - 1);
        m += all;
    }
    buf_str(b, "},\"required\":[");
    comma = "";
    for (const char *m = s->members; *m != '\0' && *m != '*'; m += strspn(m, " "), comma = ",") {
        buf_printf(b, "%s\"%.*s\"", comma, (int)strcspn(m, ":"), m);
        m += strcspn(m, " ");
    }
    buf_printf(b, "]%s}", more);
}

void schema_reply(struct buf *b, const char *reply)
{
    if (*reply != '[') {
        write_named(b, reply, strlen(reply), false);
        return;
    }
    buf_str(b, "{\"type\":\"object\",\"properties\":{\"data\":{\"type\":\"array\",\"items\":");
    write_named(b, reply + 1, strlen(reply) - 2, false);
    buf_str(b, "},\"next_cursor\":{\"type\":[\"string\",\"null\"]},\"total\":{\"type\":[\"integer\",\"null\"]},"
               "\"complete\":{\"type\":[\"boolean\",\"null\"]}},\"required\":[\"data\",\"next_cursor\"]}");
}
