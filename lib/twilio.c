/* Twilio's REST API: form in, JSON out. */
#include "twilio.h"

#include "buf.h"
#include "check.h"
#include "clock.h"
#include "http.h"
#include "limit.h"
#include "region.h"
#include "twilio_ask.h"

#include <string.h>

enum { FORM_MAX = TWILIO_FORM_MAX, TIMEOUT_MS = 15000 };

static const char form_type[] = "application/x-www-form-urlencoded";

void twilio_field(struct buf *b, const char *name, const char *value)
{
    if (value == NULL) return;
    if (b->len > 0) buf_str(b, "&");
    buf_urlencode(b, name);
    buf_str(b, "=");
    buf_urlencode(b, value);
}

static void field(struct buf *b, const char *name, const char *value)
{
    twilio_field(b, name, value);
}

/* The address of a request: below the account, or of another product of Twilio's. */
static const char *address(struct ctx *cx, const struct twilio *t, const struct twilio_ask *q)
{
    if (q->path == NULL) return arena_printf(cx->arena, "%s/2010-04-01/Accounts/%s.json", t->base, t->sid);
    if (q->product == NULL) return arena_printf(cx->arena, "%s/2010-04-01/Accounts/%s/%s", t->base, t->sid, q->path);
    return arena_printf(cx->arena, "%s/%s", region_product(cx->arena, t->base, q->product), q->path);
}

enum err twilio_ask(struct ctx *cx, const struct twilio *t, const struct twilio_ask *q, const struct json **out)
{
    struct http_reply   reply;
    const bool          reads = q->form == NULL && !q->erase;
    struct http_request rq = {
        .method = q->erase ? "DELETE"
                  : reads  ? "GET"
                           : "POST",
        .url = address(cx, t, q),
        .user = t->user,
        .password = t->password,
        .body = q->form == NULL ? NULL : q->form->at,
        .content_type = q->form == NULL ? NULL : form_type,
        .max = JSON_REPLY_MAX,
        .timeout_ms = TIMEOUT_MS,
    };
    if (q->form != NULL && q->form->full)
        return ctx_fail(cx, ERR_INVALID, "a request to Twilio over %d bytes", TWILIO_FORM_MAX);
    if (http_send(cx, &rq, &reply) != OK) {
        if (cx->err.code == ERR_UNAVAILABLE)
            cx->err.cure = "Twilio's API cannot be reached from here: try again in a minute.";
        return cx->err.code;
    }
    if (reply.status < 200 || reply.status >= 300) return twilio_refused(cx, reply.status, reply.body, reply.len);
    if (q->erase) return OK;
    if (json_parse(cx, reply.body, reply.len, JSON_REPLY_MAX, out) == OK) return OK;
    /* Accepted, and the receipt cannot be read: what was asked may have happened. */
    cx->err.code = reads ? ERR_UPSTREAM : ERR_UNKNOWN;
    return cx->err.code;
}

/* One request below /2010-04-01/Accounts/<sid>/; form NULL: a GET. */
static enum err ask(struct ctx *cx, const struct twilio *t, const char *path, const struct buf *form,
                    const struct json **out)
{
    return twilio_ask(cx, t, &(const struct twilio_ask){ .path = path, .form = form }, out);
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
    struct buf               form = buf_new(cx->arena, FORM_MAX);
    const struct json       *doc;
    field(&form, "To", d->to);
    field(&form, "From", d->from);
    field(&form, "Url", d->url);
    field(&form, "Method", "POST");
    field(&form, "StatusCallback", d->status_url);
    field(&form, "StatusCallbackMethod", "POST");
    for (size_t i = 0; i < sizeof events / sizeof *events;
         i++) /* repeated: joined by spaces only `completed` would come */
        field(&form, "StatusCallbackEvent", events[i]);
    if (d->timeout_s > 0) field(&form, "Timeout", arena_printf(cx->arena, "%u", d->timeout_s));
    TRY(ask(cx, t, "Calls.json", &form, &doc));
    return read_call(cx, doc, ERR_UNKNOWN, out);
}

enum err twilio_call_get(struct ctx *cx, const struct twilio *t, const char *call_sid, struct twilio_call *out)
{
    const struct json *doc;
    TRY(ask(cx, t, arena_printf(cx->arena, "Calls/%s.json", call_sid), NULL, &doc));
    return read_call(cx, doc, ERR_UPSTREAM, out);
}

enum err twilio_price(struct ctx *cx, const struct twilio *t, const char *sid, struct twilio_price *out)
{
    const struct json *doc;
    const bool         call = check_sid(sid, "CA");
    TRY(ask(cx, t, arena_printf(cx->arena, "%s/%s.json", call ? "Calls" : "Recordings", sid), NULL, &doc));
    const char *amount = text(doc, "price");
    if (*amount != '\0' && !check_money(amount)) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's price is no number");
    *out = (struct twilio_price){ amount, text(doc, "price_unit") };
    return OK;
}

enum err twilio_calls_list(struct ctx *cx, const struct twilio *t, const char *to, int64_t since_ms,
                           struct twilio_calls *out)
{
    struct buf          query = buf_new(cx->arena, FORM_MAX);
    const struct json  *doc;
    struct twilio_calls all = { 0 };
    field(&query, "To", to);
    field(&query, "StartTime>", arena_copy(cx->arena, clock_rfc3339(cx->arena, since_ms), 10)); /* a day: YYYY-MM-DD */
    field(&query, "PageSize", "200");
    TRY(ask(cx, t, arena_printf(cx->arena, "Calls.json?%s", query.at), NULL, &doc));
    const struct json *list = json_get(doc, "calls");
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of calls");
    all.v = arena_alloc(cx->arena, (json_count(list) + 1) * sizeof *all.v);
    for (const struct json *c = json_first(list); c != NULL; c = json_next(c))
        TRY(read_call(cx, c, ERR_UPSTREAM, &all.v[all.n++]));
    *out = all;
    return OK;
}

const char *twilio_media_url(struct arena *a, const struct twilio *t, const char *recording_sid, int channels)
{
    return arena_printf(a, "%s/2010-04-01/Accounts/%s/Recordings/%s.wav?RequestedChannels=%d", t->base, t->sid,
                        recording_sid, channels);
}
