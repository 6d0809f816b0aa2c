/* Calls.create: what is refused and how, what becomes a call. */
#include "call.h"
#include "fault.h"
#include "hooks.h"
#include "rest.h"
#include "rest_calls.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

enum { TWIML_MAX = 4000 };

/* clang-format off */
/* Twilio's magic numbers: https://www.twilio.com/docs/iam/test-credentials#test-calls */
static const struct { const char *to; int code; const char *why; } MAGIC[] = {
    { "+15005550001", 21217, "Phone number does not appear to be valid" },
    { "+15005550002", 21214, "'To' phone number cannot be reached" },
    { "+15005550003", 21215, "Account not authorized to call" },
    { "+15005550004", 21216, "Account not allowed to call" },
};
/* clang-format on */

static bool number_like(const char *s)
{
    size_t n = s[0] == '+' ? strspn(s + 1, "0123456789") : 0;
    return n >= 7 && n <= 15 && s[1] != '0' && s[n + 1] == '\0';
}

static bool address_like(const char *s)
{
    return number_like(s) || (strncmp(s, "client:", 7) == 0 && s[7] != '\0')
           || (strncmp(s, "sip:", 4) == 0 && strchr(s, '@') != NULL);
}

static bool callable(const char *to, struct reply *r)
{
    if (to == NULL || to[0] == '\0') {
        rest_fail(r, 400, 21201, "No 'To' number is specified");
        return false;
    }
    for (size_t i = 0; i < sizeof MAGIC / sizeof *MAGIC; i++)
        if (strcmp(to, MAGIC[i].to) == 0) {
            rest_fail(r, 400, MAGIC[i].code, "%s %s", MAGIC[i].why, to);
            return false;
        }
    if (address_like(to)) return true;
    rest_fail(r, 400, 21211, "Invalid 'To' Phone Number: %s", to);
    return false;
}

static bool ours(const char *from, const char *to, struct reply *r)
{
    if (from == NULL || from[0] == '\0') rest_fail(r, 400, 21213, "No 'From' number is specified");
    else if (strcmp(from, "+15005550001") == 0 || !address_like(from))
        rest_fail(r, 400, 21212, "Invalid 'From' Phone Number: %s", from);
    else if (number_like(to) && !number_like(from)) rest_fail(r, 400, 21212, "Invalid 'From' Phone Number: %s", from);
    else if (number_like(from) && world_number(from) == NULL && strcmp(from, "+15005550006") != 0)
        rest_fail(r, 400, 21210, "Source phone number provided, %s, is not yet verified for your account.", from);
    else return true;
    return false;
}

bool call_document_given(const struct form *f, struct reply *r)
{
    const char *url = form_get(f, "Url"), *twiml = form_get(f, "Twiml");
    const char *sid = form_get(f, "ApplicationSid");
    if (sid != NULL && world_application(sid) != NULL) return true;
    if (url == NULL && twiml == NULL) rest_fail(r, 400, 21205, "Url parameter is required.");
    else if (url != NULL && !url_ok(url)) rest_fail(r, 400, 21205, "Url is not a valid URL: %s", url);
    else if (url == NULL && strlen(twiml) > TWIML_MAX)
        rest_fail(r, 400, 32018, "Twiml must be at most 4000 characters");
    else return true;
    return false;
}

static bool well_formed(const struct form *f, struct reply *r)
{
    static const char *const urls[] = { "StatusCallback", "FallbackUrl", "RecordingStatusCallback",
                                        "AsyncAmdStatusCallback" };
    static const char *const methods[] = { "Method", "StatusCallbackMethod", "FallbackMethod",
                                           "RecordingStatusCallbackMethod", "AsyncAmdStatusCallbackMethod" };
    const char              *v;
    for (size_t i = 0; i < 4; i++)
        if ((v = form_get(f, urls[i])) != NULL && v[0] != '\0' && !url_ok(v)) {
            rest_fail(r, 400, 21609, "%s is not a valid URL: %s", urls[i], v);
            return false;
        }
    for (size_t i = 0; i < 5; i++)
        if ((v = form_get(f, methods[i])) != NULL && strcmp(v, "GET") != 0 && strcmp(v, "POST") != 0) {
            rest_fail(r, 400, 20001, "%s must be GET or POST", methods[i]);
            return false;
        }
    v = form_get(f, "Timeout");
    if (v != NULL && (strspn(v, "0123456789") != strlen(v) || strtol(v, NULL, 10) < 1 || strtol(v, NULL, 10) > 600)) {
        rest_fail(r, 400, 20001, "Timeout must be between 1 and 600");
        return false;
    }
    return true;
}

static int64_t seconds(const struct form *f, const char *name, int64_t otherwise)
{
    const char *v = form_get(f, name);
    return 1000 * (v != NULL && v[0] != '\0' ? strtol(v, NULL, 10) : otherwise);
}

static const char *kept(const struct form *f, const char *name)
{
    return keep_str(form_get(f, name));
}

/* Every StatusCallbackEvent is one word: "initiated ringing" joined by a blank is an unknown event and subscribes
 * nothing. */
static unsigned wanted_events(const struct form *f, const char *name, bool joined, unsigned (*read)(const char *))
{
    unsigned set = 0;
    bool     any = false;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->v[i].name, name) != 0) continue;
        any = true;
        if (joined || strchr(f->v[i].value, ' ') == NULL) set |= read(f->v[i].value);
        else world_alert("21626", NULL, NULL, keep_fmt("invalid %s: %s", name, f->v[i].value));
    }
    return any && set != 0 ? set : read("completed");
}

static void set_up(struct call *c, const struct form *f)
{
    const char *channels = form_get(f, "RecordingChannels"), *record = form_get(f, "Record"),
               *async = form_get(f, "AsyncAmd"), *amd = form_get(f, "MachineDetection");
    c->number = world_number(c->from);
    call_read_progress(c, f);
    c->url = kept(f, "Url");
    c->method = kept(f, "Method");
    c->twiml = kept(f, "Twiml");
    c->fallback = kept(f, "FallbackUrl");
    c->fallback_method = kept(f, "FallbackMethod");
    struct number *app = form_has(f, "ApplicationSid") ? world_application(form_get(f, "ApplicationSid")) : NULL;
    if (app != NULL) {
        call_by_settings(c, &app->set);
        c->progress =
            (struct progress){ .url = c->own_callback, .method = c->own_callback_method, .events = ON_COMPLETED };
        c->own_callback = NULL;
    }
    c->timeout_ms = seconds(f, "Timeout", 60);
    c->time_limit_ms = seconds(f, "TimeLimit", 14400);
    c->send_digits = kept(f, "SendDigits");
    c->record = record != NULL && strcmp(record, "true") == 0;
    c->record_dual = channels != NULL && strcmp(channels, "dual") == 0;
    c->report =
        (struct rec_report){ .url = kept(f, "RecordingStatusCallback"),
                             .method = kept(f, "RecordingStatusCallbackMethod"),
                             .track = kept(f, "RecordingTrack"),
                             .events = wanted_events(f, "RecordingStatusCallbackEvent", true, hook_rec_events) };
    if (amd != NULL && amd[0] != '\0' && c->send_digits == NULL) c->amd = keep_str(amd);
    c->amd_async = async != NULL && strcmp(async, "true") == 0;
    c->amd_url = kept(f, "AsyncAmdStatusCallback");
    c->amd_method = kept(f, "AsyncAmdStatusCallbackMethod");
    c->agent = strncmp(c->to, "client:", 7) == 0;
    if (c->phone != NULL && c->phone->who != NULL) c->agent = strcmp(c->phone->who, "agent") == 0;
}

static struct dialled *note_dial(const struct form *f, const char *sid)
{
    struct dialled *d = keep(sizeof *d);
    struct buf      b = { 0 };
    form_encode(f, &b);
    buf_str(&b, "");
    *d = (struct dialled){ .sid = sid,
                           .to = kept(f, "To"),
                           .from = kept(f, "From"),
                           .at = clock_wall_ms(),
                           .params = keep_str(b.at),
                           .cut_at = -1 };
    buf_free(&b);
    list_add(&world.dials, d);
    return d;
}

bool call_addresses_ok(const char *from, const char *to, struct reply *r)
{
    return callable(to, r) && ours(from, to, r);
}

void call_read_progress(struct call *c, const struct form *f)
{
    const char *url = form_get(f, "StatusCallback");
    c->progress = (struct progress){ .url = url != NULL && url[0] != '\0' ? keep_str(url) : NULL,
                                     .method = kept(f, "StatusCallbackMethod"),
                                     .events = wanted_events(f, "StatusCallbackEvent", false, hook_events) };
}

/* POST Calls.json -> 201 call; faults create_status, create_cut, create_slow. */
void calls_create(struct request *q, struct reply *r)
{
    const struct form *f = &q->form;
    const char        *to = form_get(f, "To"), *from = form_get(f, "From");
    struct occasion    o = { .from = from, .to = to };
    struct fault      *fault = fault_at("create_status", &o);
    if (fault != NULL) {
        int status = fault->status > 0 ? fault->status : 500;
        if (fault->retry_after >= 0) form_addf(&r->headers, "Retry-After", "%d", fault->retry_after);
        int code = fault->code != NULL ? (int)strtol(fault->code, NULL, 10) : status == 429 ? 20429 : 20500;
        rest_fail(r, status, code, status == 429 ? "Too Many Requests" : "Internal Server Error");
        note_dial(f, NULL)->status = status;
        return;
    }
    if (!call_addresses_ok(from, to, r) || !call_document_given(f, r) || !well_formed(f, r)) {
        note_dial(f, NULL)->status = r->status;
        return;
    }
    struct call *c = call_new(from, to, "outbound-api", NULL);
    set_up(c, f);
    struct dialled *d = note_dial(f, c->sid);
    reply_json(r, d->status = 201, call_json(c));
    if ((fault = fault_at("create_cut", &o)) != NULL) r->cut_at = d->cut_at = fault->at_byte;
    if ((fault = fault_at("create_slow", &o)) != NULL) r->delay_ms = fault->ms;
    call_outbound(c);
}
