/* The TwiML App that browsers' calls go through. */
#include "twilio_app.h"

#include "check.h"
#include "config.h"
#include "sql.h"
#include "twilio_ask.h"

#include <string.h>

static const char *text(const struct json *doc, const char *name)
{
    const char *v = json_text(json_get(doc, name));
    return v == NULL ? "" : v;
}

static enum err read_app(struct ctx *cx, const struct json *doc, struct twilio_app *out)
{
    out->sid = text(doc, "sid");
    out->name = text(doc, "friendly_name");
    out->voice_url = text(doc, "voice_url");
    out->voice_method = text(doc, "voice_method");
    out->status_url = text(doc, "status_callback");
    out->status_method = text(doc, "status_callback_method");
    return check_sid(out->sid, "AP") ? OK : ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no application");
}

static enum err ask(struct ctx *cx, const struct twilio *t, const char *path, const struct buf *form,
                    const struct json **out)
{
    return twilio_ask(cx, t, &(const struct twilio_ask){ .path = path, .form = form }, out);
}

static const char *path_of(struct ctx *cx, const char *sid)
{
    return arena_printf(cx->arena, "Applications/%s.json", sid);
}

/* The stored one, which somebody may have deleted at Twilio. *out is untouched without one. */
static enum err by_sid(struct ctx *cx, const struct twilio *t, const char *sid, struct twilio_app *out)
{
    const struct json *doc;
    if (sid == NULL) return OK;
    if (ask(cx, t, path_of(cx, sid), NULL, &doc) == OK) return read_app(cx, doc, out);
    if (cx->err.code != ERR_NOT_FOUND) return cx->err.code;
    ctx_forgive(cx);
    return OK;
}

static enum err by_name(struct ctx *cx, const struct twilio *t, const char *name, struct twilio_app *out)
{
    struct buf         query = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc;
    twilio_field(&query, "FriendlyName", name);
    TRY(ask(cx, t, arena_printf(cx->arena, "Applications.json?%s", query.at), NULL, &doc));
    const struct json *first = json_first(json_get(doc, "applications"));
    return first == NULL ? OK : read_app(cx, first, out);
}

/* The whole list of what we say about one; it is compared, sent and read back. */
struct wish {
    const char *voice_url, *status_url;
};

static bool as_wished(const struct twilio_app *a, const struct wish *w)
{
    return strcmp(a->voice_url, w->voice_url) == 0 && strcmp(a->voice_method, "POST") == 0
           && strcmp(a->status_url, w->status_url) == 0 && strcmp(a->status_method, "POST") == 0;
}

static enum err tell(struct ctx *cx, const struct twilio *t, const char *path, const char *name, const struct wish *w,
                     struct twilio_app *out)
{
    struct buf         form = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc;
    twilio_field(&form, "FriendlyName", name);
    twilio_field(&form, "VoiceUrl", w->voice_url);
    twilio_field(&form, "VoiceMethod", "POST");
    twilio_field(&form, "StatusCallback", w->status_url);
    twilio_field(&form, "StatusCallbackMethod", "POST");
    TRY(ask(cx, t, path, &form, &doc));
    return read_app(cx, doc, out);
}

enum err twilio_app_ensure(struct ctx *cx, const struct twilio *t, const char *public_url, const char *sid,
                           const char *name, struct twilio_app *out)
{
    const struct wish  w = { arena_printf(cx->arena, "%s/api/twilio/twiml", public_url),
                             arena_printf(cx->arena, "%s/api/twilio/status", public_url) };
    struct twilio_app  a = { .sid = NULL };
    const struct json *doc;
    TRY(by_sid(cx, t, sid, &a));
    if (a.sid == NULL) TRY(by_name(cx, t, name, &a));
    a.made = a.sid == NULL;
    if (a.made) TRY(tell(cx, t, "Applications.json", name, &w, &a));
    else if (!as_wished(&a, &w)) TRY(tell(cx, t, path_of(cx, a.sid), NULL, &w, &a));
    TRY(ask(cx, t, path_of(cx, a.sid), NULL, &doc));
    TRY(read_app(cx, doc, &a));
    if (!as_wished(&a, &w))
        return ctx_fail(cx, ERR_UPSTREAM, "the application %s does not have the addresses it was given", a.sid);
    *out = a;
    return OK;
}

enum err twilio_app_settle(struct ctx *cx, const char *actor, struct twilio_app *out)
{
    struct twilio             account;
    struct sql_twilio_app     stored = { .twiml_app_sid = NULL };
    struct sql_twilio_app_set done;
    if (cx->cfg->public_url == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "PUBLIC_URL is not set");
    TRY(twilio_load(cx, &account));
    TRY(sql_twilio_app(cx, &stored));
    TRY(twilio_app_ensure(cx, &account, cx->cfg->public_url, stored.twiml_app_sid,
                          arena_printf(cx->arena, "Switchhook %s", cx->tenant), out));
    return sql_twilio_app_set(cx, &(const struct sql_twilio_app_set_in){ out->sid, actor }, &done);
}
