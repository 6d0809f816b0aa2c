/* Calls that run. */
#include "twilio_live.h"

#include "buf.h"
#include "check.h"
#include "twilio_ask.h"

#include <string.h>

enum { FORM_MAX = TWILIO_FORM_MAX };

/* One request below the account; form NULL: a GET. */
static enum err ask(struct ctx *cx, const struct twilio *t, const char *path, const struct buf *form,
                    const struct json **out)
{
    return twilio_ask(cx, t, &(const struct twilio_ask){ .path = path, .form = form }, out);
}

static enum err call_update(struct ctx *cx, const struct twilio *t, const char *sid, const char *name,
                            const char *value, const struct json **doc)
{
    struct buf form = buf_new(cx->arena, FORM_MAX);
    twilio_field(&form, name, value);
    return ask(cx, t, arena_printf(cx->arena, "Calls/%s.json", sid), &form, doc);
}

enum err twilio_live_end(struct ctx *cx, const struct twilio *t, const char *call_sid, bool *silent)
{
    const struct json *doc;
    TRY(call_update(cx, t, call_sid, "Status", "completed", &doc));
    const char *status = json_text(json_get(doc, "status"));
    *silent = status != NULL && strcmp(status, "canceled") == 0;
    return OK;
}

enum err twilio_live_document(struct ctx *cx, const struct twilio *t, const char *call_sid, const char *xml)
{
    const struct json *doc;
    return call_update(cx, t, call_sid, "Twiml", xml, &doc);
}

enum err twilio_room_find(struct ctx *cx, const struct twilio *t, const char *name, const char **sid)
{
    struct buf         query = buf_new(cx->arena, FORM_MAX);
    const struct json *doc;
    twilio_field(&query, "FriendlyName", name);
    twilio_field(&query, "Status", "in-progress");
    twilio_field(&query, "PageSize", "1");
    TRY(ask(cx, t, arena_printf(cx->arena, "Conferences.json?%s", query.at), NULL, &doc));
    const struct json *list = json_get(doc, "conferences");
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of conferences");
    const char *found = json_text(json_get(json_first(list), "sid"));
    *sid = found != NULL && check_sid(found, "CF") ? found : NULL;
    return OK;
}

enum err twilio_room_set(struct ctx *cx, const struct twilio *t, const char *room_sid, const char *call_sid,
                         const char *name, const char *value)
{
    struct buf         form = buf_new(cx->arena, FORM_MAX);
    const struct json *doc;
    twilio_field(&form, name, value);
    return ask(cx, t, arena_printf(cx->arena, "Conferences/%s/Participants/%s.json", room_sid, call_sid), &form, &doc);
}

static enum err participant(struct ctx *cx, const struct json *doc, enum err broken, const char **call_sid)
{
    const char *sid = json_text(json_get(doc, "call_sid"));
    if (sid == NULL || !check_sid(sid, "CA")) return ctx_fail(cx, broken, "Twilio's reply is no participant");
    *call_sid = sid;
    return OK;
}

enum err twilio_room_call(struct ctx *cx, const struct twilio *t, const char *room_sid, const struct twilio_guest *g,
                          const char **call_sid)
{
    static const char *const events[] = { "initiated", "ringing", "answered", "completed" };
    struct buf               form = buf_new(cx->arena, FORM_MAX);
    const struct json       *doc;
    twilio_field(&form, "From", g->from);
    twilio_field(&form, "To", g->to);
    twilio_field(&form, "Label", g->label);
    twilio_field(&form, "StatusCallback", g->status_url);
    twilio_field(&form, "StatusCallbackMethod", "POST");
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) twilio_field(&form, "StatusCallbackEvent", events[i]);
    twilio_field(&form, "Timeout", arena_printf(cx->arena, "%u", g->timeout_s));
    twilio_field(&form, "Beep", "false");
    twilio_field(&form, "EndConferenceOnExit", "false");
    TRY(ask(cx, t, arena_printf(cx->arena, "Conferences/%s/Participants.json", room_sid), &form, &doc));
    return participant(cx, doc, ERR_UNKNOWN, call_sid);
}

enum err twilio_room_guest(struct ctx *cx, const struct twilio *t, const char *room_sid, const char *label,
                           const char **call_sid)
{
    const struct json *doc;
    TRY(ask(cx, t, arena_printf(cx->arena, "Conferences/%s/Participants/%s.json", room_sid, label), NULL, &doc));
    return participant(cx, doc, ERR_UPSTREAM, call_sid);
}

enum err twilio_recording_set(struct ctx *cx, const struct twilio *t, const char *call_sid, const char *recording_sid,
                              const char *status)
{
    struct buf         form = buf_new(cx->arena, FORM_MAX);
    const struct json *doc;
    twilio_field(&form, "Status", status);
    if (strcmp(status, "paused") == 0) twilio_field(&form, "PauseBehavior", "silence");
    TRY(ask(cx, t, arena_printf(cx->arena, "Calls/%s/Recordings/%s.json", call_sid, recording_sid), &form, &doc));
    const char *now = json_text(json_get(doc, "status"));
    const bool  over = now != NULL && check_word(now, " stopped processing completed "); /* what comes of stopping */
    if (now != NULL && (strcmp(now, status) == 0 || (over && strcmp(status, "stopped") == 0))) return OK;
    return ctx_fail(cx, ERR_UPSTREAM_REFUSED, "Twilio says that the recording is %.20s, not %s",
                    now == NULL ? "?" : now, status);
}
