/* Twilio's REST API: form in, JSON out. */
#include "twilio.h"

#include "buf.h"
#include "check.h"
#include "clock.h"
#include "http.h"
#include "limit.h"
#include "twilio_ask.h"

#include <string.h>

enum { TIMEOUT_MS = 15000 };

static const char form_type[] = "application/x-www-form-urlencoded";

void twilio_field(struct buf *b, const char *name, const char *value)
{
    if (value == NULL) return;
    if (b->len > 0) buf_str(b, "&");
    buf_urlencode(b, name);
    buf_str(b, "=");
    buf_urlencode(b, value);
}

enum err twilio_ask(struct ctx *cx, const struct twilio *t, const char *path, const struct buf *form,
                    const struct json **out)
{
    struct http_reply   reply;
    struct http_request rq = {
        .method = form == NULL ? "GET" : "POST",
        .url = arena_printf(cx->arena, "%s/2010-04-01/Accounts/%s/%s", t->base, t->sid, path),
        .user = t->user,
        .password = t->password,
        .body = form == NULL ? NULL : form->at,
        .content_type = form == NULL ? NULL : form_type,
        .max = JSON_REPLY_MAX,
        .timeout_ms = TIMEOUT_MS,
    };
    if (form != NULL && form->full)
        return ctx_fail(cx, ERR_INVALID, "a request to Twilio over %d bytes", TWILIO_FORM_MAX);
    if (http_send(cx, &rq, &reply) != OK) {
        if (cx->err.code == ERR_UNAVAILABLE)
            cx->err.cure = "Twilio's API cannot be reached from here: try again in a minute.";
        return cx->err.code;
    }
    if (reply.status < 200 || reply.status >= 300) return twilio_refused(cx, reply.status, reply.body, reply.len);
    if (json_parse(cx, reply.body, reply.len, JSON_REPLY_MAX, out) == OK) return OK;
    /* Accepted, and the receipt cannot be read: what was asked may have happened. */
    cx->err.code = form == NULL ? ERR_UPSTREAM : ERR_UNKNOWN;
    return cx->err.code;
}

static const char *text(const struct json *doc, const char *name)
{
    const char *v = json_text(json_get(doc, name));
    return v == NULL ? "" : v;
}

static enum err read_call(struct ctx *cx, const struct json *doc, enum err broken, struct twilio_call *out)
{
    struct twilio_call c = {
        .sid = text(doc, "sid"),
        .parent_sid = text(doc, "parent_call_sid"),
        .status = text(doc, "status"),
        .direction = text(doc, "direction"),
        .from = text(doc, "from"),
        .to = text(doc, "to"),
        .duration = text(doc, "duration"),
        .price = text(doc, "price"),
        .price_unit = text(doc, "price_unit"),
        .created_ms = clock_rfc2822(text(doc, "date_created")),
    };
    if (!check_sid(c.sid, "CA")) return ctx_fail(cx, broken, "Twilio's reply is no call");
    *out = c;
    return OK;
}

enum err twilio_call_create(struct ctx *cx, const struct twilio *t, const struct twilio_dial *d,
                            struct twilio_call *out)
{
    static const char *const events[] = { "initiated", "ringing", "answered", "completed" };
    struct buf               form = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json       *doc;
    twilio_field(&form, "To", d->to);
    twilio_field(&form, "From", d->from);
    twilio_field(&form, "Url", d->url);
    twilio_field(&form, "Method", "POST");
    twilio_field(&form, "StatusCallback", d->status_url);
    twilio_field(&form, "StatusCallbackMethod", "POST");
    for (size_t i = 0; i < sizeof events / sizeof *events;
         i++) /* repeated: joined by spaces only `completed` would come */
        twilio_field(&form, "StatusCallbackEvent", events[i]);
    if (d->timeout_s > 0) twilio_field(&form, "Timeout", arena_printf(cx->arena, "%u", d->timeout_s));
    TRY(twilio_ask(cx, t, "Calls.json", &form, &doc));
    return read_call(cx, doc, ERR_UNKNOWN, out);
}

enum err twilio_call_get(struct ctx *cx, const struct twilio *t, const char *call_sid, struct twilio_call *out)
{
    const struct json *doc;
    TRY(twilio_ask(cx, t, arena_printf(cx->arena, "Calls/%s.json", call_sid), NULL, &doc));
    return read_call(cx, doc, ERR_UPSTREAM, out);
}

enum err twilio_price(struct ctx *cx, const struct twilio *t, const char *sid, struct twilio_price *out)
{
    const struct json *doc;
    const bool         call = check_sid(sid, "CA");
    TRY(twilio_ask(cx, t, arena_printf(cx->arena, "%s/%s.json", call ? "Calls" : "Recordings", sid), NULL, &doc));
    const char *amount = text(doc, "price");
    if (*amount != '\0' && !check_money(amount)) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's price is no number");
    *out = (struct twilio_price){ amount, text(doc, "price_unit") };
    return OK;
}

enum err twilio_calls_list(struct ctx *cx, const struct twilio *t, const char *to, int64_t since_ms,
                           struct twilio_calls *out)
{
    struct buf          query = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json  *doc;
    struct twilio_calls all = { 0 };
    twilio_field(&query, "To", to);
    twilio_field(&query, "StartTime>",
                 arena_copy(cx->arena, clock_rfc3339(cx->arena, since_ms), 10)); /* a day: YYYY-MM-DD */
    twilio_field(&query, "PageSize", "200");
    TRY(twilio_ask(cx, t, arena_printf(cx->arena, "Calls.json?%s", query.at), NULL, &doc));
    const struct json *list = json_get(doc, "calls");
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of calls");
    all.v = arena_alloc(cx->arena, (json_count(list) + 1) * sizeof *all.v);
    for (const struct json *c = json_first(list); c != NULL; c = json_next(c))
        TRY(read_call(cx, c, ERR_UPSTREAM, &all.v[all.n++]));
    *out = all;
    return OK;
}

static enum err read_number(struct ctx *cx, const struct json *doc, enum err broken, struct twilio_number *out)
{
    struct twilio_number n = { text(doc, "sid"), text(doc, "phone_number"), text(doc, "voice_url"),
                               text(doc, "status_callback") };
    if (!check_sid(n.sid, "PN")) return ctx_fail(cx, broken, "Twilio's reply is no phone number");
    *out = n;
    return OK;
}

enum err twilio_numbers_list(struct ctx *cx, const struct twilio *t, const char *match, struct twilio_numbers *out)
{
    struct buf            query = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json    *doc;
    struct twilio_numbers all = { 0 };
    twilio_field(&query, "PhoneNumber", match);
    twilio_field(&query, "PageSize", "1000");
    TRY(twilio_ask(cx, t, arena_printf(cx->arena, "IncomingPhoneNumbers.json?%s", query.at), NULL, &doc));
    const struct json *list = json_get(doc, "incoming_phone_numbers");
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of numbers");
    all.v = arena_alloc(cx->arena, (json_count(list) + 1) * sizeof *all.v);
    for (const struct json *n = json_first(list); n != NULL; n = json_next(n))
        TRY(read_number(cx, n, ERR_UPSTREAM, &all.v[all.n++]));
    *out = all;
    return OK;
}

static void hooks(struct buf *form, const struct twilio_hooks *h)
{
    twilio_field(form, "VoiceUrl", h->voice_url);
    twilio_field(form, "VoiceMethod", "POST");
    twilio_field(form, "VoiceFallbackUrl", h->fallback_url);
    twilio_field(form, "StatusCallback", h->status_url);
    twilio_field(form, "StatusCallbackMethod", "POST");
}

enum err twilio_number_buy(struct ctx *cx, const struct twilio *t, const char *e164, const struct twilio_hooks *h,
                           struct twilio_number *out)
{
    struct buf         form = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc;
    twilio_field(&form, "PhoneNumber", e164);
    hooks(&form, h);
    TRY(twilio_ask(cx, t, "IncomingPhoneNumbers.json", &form, &doc));
    return read_number(cx, doc, ERR_UNKNOWN, out);
}

enum err twilio_number_set(struct ctx *cx, const struct twilio *t, const char *number_sid, const struct twilio_hooks *h,
                           struct twilio_number *out)
{
    struct buf         form = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc;
    hooks(&form, h);
    TRY(twilio_ask(cx, t, arena_printf(cx->arena, "IncomingPhoneNumbers/%s.json", number_sid), &form, &doc));
    return read_number(cx, doc, ERR_UNKNOWN, out);
}

const char *twilio_media_url(struct arena *a, const struct twilio *t, const char *recording_sid, int channels)
{
    return arena_printf(a, "%s/2010-04-01/Accounts/%s/Recordings/%s.wav?RequestedChannels=%d", t->base, t->sid,
                        recording_sid, channels);
}
