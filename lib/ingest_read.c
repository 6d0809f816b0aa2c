/* Typed fields of Twilio's deliveries. Everything is hostile until checked; what is missing is tolerated where Twilio
 * may leave it out. https://www.twilio.com/docs/voice/twiml#request-parameters */
#include "ingest_read.h"

#include "check.h"
#include "clock.h"
#include "erasure.h"
#include "id.h"
#include "phone.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { PARTY_MAX = 400, DURATION_MAX = 7 * 24 * 3600, PLACE_MAX = 180 };

static const char statuses[] = " queued initiated ringing in-progress completed busy failed no-answer canceled ";

static const char *get(const struct event *ev, const char *key)
{
    const char *v = form_get(&ev->form, key);
    return v == NULL ? "" : v;
}

const char *ingest_call_sid(const struct event *ev)
{
    const char *sid = get(ev, "CallSid");
    return check_sid(sid, "CA") ? sid : "";
}

static const char *new_id(struct ctx *cx)
{
    char *id = arena_alloc(cx->arena, 37);
    id_uuid7(id);
    return id;
}

/* A party as Twilio names it, with what UTF-8 cannot be replaced: PostgreSQL refuses it in text. */
static enum err party(struct ctx *cx, const struct event *ev, const char *key, const char **out)
{
    const char *v = get(ev, key);
    size_t      n = strlen(v);
    if (n > PARTY_MAX) return ctx_fail(cx, ERR_INVALID, "%s: over %d bytes", key, PARTY_MAX);
    *out = v;
    if (check_utf8(v, n)) return OK;
    char *clean = arena_strdup(cx->arena, v);
    for (char *p = clean; *p != '\0'; p++)
        if ((unsigned char)*p >= 0x80) *p = '?';
    *out = clean;
    return OK;
}

static enum err sid(struct ctx *cx, const struct event *ev, const char *key, const char *prefix, bool wanted,
                    const char **out)
{
    const char *v = get(ev, key);
    if (v[0] == '\0' && !wanted) return OK;
    return form_sid(cx, &ev->form, key, prefix, out);
}

static enum err word(struct ctx *cx, const struct event *ev, const char *key, const char *set, const char *absent,
                     const char **out)
{
    const char *v = get(ev, key);
    *out = v[0] == '\0' ? absent : v;
    if (*out != NULL && check_word(*out, set)) return OK;
    return ctx_fail(cx, ERR_INVALID, "%s: not a word of Twilio's", key);
}

/* A number that may be missing or empty; outside its range it is INVALID. */
static enum err number(struct ctx *cx, const struct event *ev, const char *key, int64_t max, const int64_t **out)
{
    const char *v = get(ev, key);
    int64_t     n = 0;
    if (v[0] == '\0') return OK;
    if (!check_int(v, 0, max, &n)) return ctx_fail(cx, ERR_INVALID, "%s: expected 0..%lld", key, (long long)max);
    int64_t *copy = arena_alloc(cx->arena, sizeof *copy);
    *copy = n;
    *out = copy;
    return OK;
}

/* E.164 of the outside party; NULL when it is withheld. Some carriers spell ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and
 * UNAVAILABLE on the keypad. https://help.twilio.com/articles/223179988 */
static const char *customer(const char *party)
{
    static const char spelled[] = " +266696687 +7378742833 +2562533 +8656696 +86282452253 ";
    return check_e164(party) && !check_word(party, spelled) ? party : NULL;
}

/* The user behind client:user_<user>_<tenant>, both uuids without hyphens, if it is one of the account's tenant. */
static const char *identity(struct ctx *cx, const struct event *ev, const char *from)
{
    static const char prefix[] = "client:user_";
    const char       *hex = from + sizeof prefix - 1, *t = ev->tenant;
    char              tenant[33];
    size_t            n = 0;
    if (strncmp(from, prefix, sizeof prefix - 1) != 0 || strlen(hex) != 65 || hex[32] != '_') return NULL;
    if (strspn(hex, "0123456789abcdef") != 32) return NULL;
    for (; *t != '\0' && n < 32; t++)
        if (*t != '-') tenant[n++] = *t;
    tenant[n] = '\0';
    if (strcmp(hex + 33, tenant) != 0) return NULL;
    return arena_printf(cx->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

/* Where a number was issued by the numbering plan; and as Twilio has it, "OAKLAND, CA", of the leg that the caller is
 * on. All stay NULL where nothing is known. https://www.twilio.com/docs/voice/twiml#request-parameters */
static void locate(struct ctx *cx, const struct event *ev, const char *number, const char **country, const char **place,
                   const char **said)
{
    struct phone_place p;
    const char        *city = get(ev, "FromCity"), *state = get(ev, "FromState");
    if (get(ev, "ParentCallSid")[0] != '\0') return;
    if (number != NULL && phone_where(number, &p)) {
        if (p.region[0] != '\0') *country = arena_strdup(cx->arena, p.region);
        if (p.place[0] != '\0') *place = arena_strdup(cx->arena, p.place);
    }
    if (city[0] == '\0' || strcmp(get(ev, "Direction"), "inbound") != 0) return;
    if (strlen(city) + strlen(state) > PLACE_MAX || !check_utf8(city, strlen(city))
        || !check_utf8(state, strlen(state)))
        return;
    *said = arena_printf(cx->arena, "%s%s%s", city, state[0] == '\0' ? "" : ", ", state);
}

enum err ingest_read_answer(struct ctx *cx, const struct event *ev, void *row, const char **event_type)
{
    struct sql_ingest_answer_in r = { .tenant_id = ev->tenant,
                                      .intent_id = ev->intent,
                                      .received_ms = ev->received_ms };
    TRY(sid(cx, ev, "CallSid", "CA", true, &r.sid));
    TRY(party(cx, ev, "From", &r.from_number));
    TRY(party(cx, ev, "To", &r.to_number));
    TRY(word(cx, ev, "CallStatus", statuses, "ringing", &r.status));
    r.user_id = identity(cx, ev, r.from_number);
    r.wish = r.user_id != NULL && check_e164(get(ev, "CallerId")) ? get(ev, "CallerId") : NULL;
    const char **outside = r.user_id == NULL ? &r.from_number : &r.to_number;
    r.customer_number = customer(*outside);
    locate(cx, ev, r.customer_number, &r.customer_country, &r.customer_place, &r.place);
    r.customer_clear = r.customer_number;
    r.customer_token = veil_token(cx, ev->veil, VEIL_NUMBER, r.customer_number);
    r.marks = erasure_marks(cx, ev->tenant, r.customer_number);
    r.from_disk = ev->late;
    ingest_hide(cx, ev, outside, &r.customer_number);
    r.new_id = new_id(cx);
    *event_type = ev->kind == EVENT_CONSENT ? "gather" : "answer";
    *(struct sql_ingest_answer_in *)row = r;
    return OK;
}

/* The moment of a status: Twilio's where it says one, else when we received it. */
static const int64_t *when(struct ctx *cx, const struct event *ev)
{
    int64_t *at = arena_alloc(cx->arena, sizeof *at);
    *at = clock_rfc2822(get(ev, "Timestamp"));
    if (*at < 0) *at = ev->received_ms;
    return at;
}

/* Which of a leg's moments a status marks. */
static const int64_t **moment(struct sql_ingest_status_in *r)
{
    if (strcmp(r->status, "queued") == 0 || strcmp(r->status, "initiated") == 0) return &r->started_ms;
    if (strcmp(r->status, "ringing") == 0) return &r->rang_ms;
    return strcmp(r->status, "in-progress") == 0 ? &r->answered_ms : &r->ended_ms;
}

enum err ingest_read_status(struct ctx *cx, const struct event *ev, void *row, const char **event_type)
{
    struct sql_ingest_status_in r = { .tenant_id = ev->tenant,
                                      .intent_id = ev->intent,
                                      .received_ms = ev->received_ms };
    TRY(sid(cx, ev, "CallSid", "CA", true, &r.sid));
    TRY(sid(cx, ev, "ParentCallSid", "CA", false, &r.parent_sid));
    TRY(party(cx, ev, "From", &r.from_number));
    TRY(party(cx, ev, "To", &r.to_number));
    TRY(word(cx, ev, "CallStatus", statuses, NULL, &r.status));
    TRY(number(cx, ev, "CallDuration", DURATION_MAX, &r.duration_seconds));
    const bool inbound = strcmp(get(ev, "Direction"), "inbound") == 0 && strncmp(r.from_number, "client:", 7) != 0;
    *moment(&r) = when(cx, ev);
    r.direction = inbound ? "inbound" : "outbound";
    const char **outside = inbound ? &r.from_number : &r.to_number;
    r.customer_number = customer(*outside);
    locate(cx, ev, r.customer_number, &r.customer_country, &r.customer_place, &r.place);
    r.customer_clear = r.customer_number;
    r.customer_token = veil_token(cx, ev->veil, VEIL_NUMBER, r.customer_number);
    if (inbound && r.parent_sid == NULL) r.marks = erasure_marks(cx, ev->tenant, r.customer_number);
    ingest_hide(cx, ev, outside, &r.customer_number);
    r.new_id = new_id(cx);
    *event_type = r.status;
    *(struct sql_ingest_status_in *)row = r;
    return OK;
}

enum err ingest_read_dial(struct ctx *cx, const struct event *ev, void *row, const char **event_type)
{
    static const char         ends[] = " completed answered busy no-answer failed canceled ";
    struct sql_ingest_dial_in r = { .tenant_id = ev->tenant, .then_phone = ev->then_phone };
    TRY(sid(cx, ev, "CallSid", "CA", true, &r.sid));
    TRY(sid(cx, ev, "DialCallSid", "CA", false, &r.child_sid));
    TRY(word(cx, ev, "DialCallStatus", ends, NULL, &r.dial_status));
    TRY(number(cx, ev, "DialCallDuration", DURATION_MAX, &r.duration_seconds));
    *event_type = arena_printf(cx->arena, "dial.%s", r.dial_status);
    if (strcmp(r.dial_status, "answered") == 0) r.dial_status = "completed"; /* of a conference */
    *(struct sql_ingest_dial_in *)row = r;
    return OK;
}

enum err ingest_read_recording(struct ctx *cx, const struct event *ev, void *row, const char **event_type)
{
    static const char              words[] = " in-progress paused stopped processing completed absent failed ";
    struct sql_ingest_recording_in r = { .tenant_id = ev->tenant };
    TRY(sid(cx, ev, "CallSid", "CA", true, &r.call_sid));
    TRY(sid(cx, ev, "RecordingSid", "RE", true, &r.sid));
    TRY(word(cx, ev, "RecordingStatus", words, "completed", &r.status));
    TRY(number(cx, ev, "RecordingDuration", DURATION_MAX, &r.duration_seconds));
    TRY(number(cx, ev, "RecordingChannels", 2, &r.channels));
    if (r.channels != NULL && *r.channels == 0) r.channels = NULL;
    const int64_t at = clock_rfc2822(get(ev, "RecordingStartTime"));
    const char   *code = get(ev, "ErrorCode"), *source = get(ev, "RecordingSource");
    if (at >= 0) r.started_ms = memcpy(arena_alloc(cx->arena, sizeof at), &at, sizeof at);
    if (strcmp(r.status, "failed") == 0 || strcmp(r.status, "absent") == 0) {
        r.reason = arena_printf(cx->arena, "Twilio has none: %s, error code %s", r.status,
                                strlen(code) < 10 && strspn(code, "0123456789") == strlen(code) ? code : "?");
        r.status = "absent";
    }
    if (source[0] != '\0' && strlen(source) <= 60 && check_header(source)) r.source = source;
    r.new_id = new_id(cx);
    *event_type = arena_printf(cx->arena, "recording.%s", r.status);
    *(struct sql_ingest_recording_in *)row = r;
    return OK;
}
