/* Recordings at Twilio, and what is deleted there. https://www.twilio.com/docs/voice/api/recording */
#include "twilio.h"

#include "check.h"
#include "http.h"
#include "limit.h"

#include <string.h>

enum { TIMEOUT_MS = 15000 };

static enum err ask(struct ctx *cx, const struct twilio *t, const char *method, const char *path,
                    struct http_reply *reply)
{
    const struct http_request rq = {
        .method = method,
        .url = arena_printf(cx->arena, "%s/2010-04-01/Accounts/%s/%s", t->base, t->sid, path),
        .user = t->user,
        .password = t->password,
        .max = JSON_REPLY_MAX,
        .timeout_ms = TIMEOUT_MS,
    };
    TRY(http_send(cx, &rq, reply));
    if (reply->status >= 200 && reply->status < 300) return OK;
    return twilio_refused(cx, reply->status, reply->body, reply->len);
}

static const char *text(const struct json *doc, const char *name)
{
    const char *v = json_text(json_get(doc, name));
    return v == NULL ? "" : v;
}

/* False: it is not to be taken over. Durations come as text, and as -1 while there is none. */
static bool read_one(const struct json *doc, struct twilio_recording *out)
{
    static const char words[] = " in-progress paused stopped processing completed absent ";
    *out = (struct twilio_recording){ text(doc, "sid"), text(doc, "status"), text(doc, "source"), 0, -1 };
    (void)json_int(json_get(doc, "channels"), 1, 2, &out->channels);
    (void)check_int(text(doc, "duration"), 0, INT32_MAX, &out->seconds);
    return check_sid(out->sid, "RE") && check_word(out->status, words);
}

enum err twilio_recordings_list(struct ctx *cx, const struct twilio *t, const char *call_sid,
                                struct twilio_recordings *out)
{
    struct http_reply        reply;
    const struct json       *doc;
    struct twilio_recordings all = { 0 };
    TRY(ask(cx, t, "GET", arena_printf(cx->arena, "Calls/%s/Recordings.json?PageSize=50", call_sid), &reply));
    TRY(json_parse(cx, reply.body, reply.len, JSON_REPLY_MAX, &doc));
    const struct json *list = json_get(doc, "recordings");
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of recordings");
    all.v = arena_alloc(cx->arena, (json_count(list) + 1) * sizeof *all.v);
    for (const struct json *r = json_first(list); r != NULL; r = json_next(r)) all.n += read_one(r, &all.v[all.n]);
    *out = all;
    return OK;
}

enum err twilio_recording_delete(struct ctx *cx, const struct twilio *t, const char *sid)
{
    struct http_reply reply;
    enum err          e = ask(cx, t, "DELETE", arena_printf(cx->arena, "Recordings/%s.json", sid), &reply);
    if (e != ERR_NOT_FOUND) return e;
    ctx_forgive(cx);
    return OK;
}

enum err twilio_delete(struct ctx *cx, const struct twilio *t, const char *sid, bool *absent)
{
    struct http_reply reply;
    const char       *what = strncmp(sid, "CA", 2) == 0 ? "Calls" : "Messages";
    enum err          e = ask(cx, t, "DELETE", arena_printf(cx->arena, "%s/%s.json", what, sid), &reply);
    *absent = e == ERR_NOT_FOUND;
    if (e != ERR_NOT_FOUND) return e;
    ctx_forgive(cx);
    return OK;
}
