/* SMS through Twilio. */
#include "twilio_message.h"

#include "buf.h"
#include "check.h"
#include "clock.h"
#include "twilio_ask.h"

#include <string.h>

_Static_assert(TWILIO_FORM_MAX >= 4096, "an SMS of 1,600 characters, urlencoded");

enum { LOOK_AT = 200 };

static const char *sid_of(const struct json *doc)
{
    const char *sid = json_text(json_get(doc, "sid"));
    return sid != NULL && (check_sid(sid, "SM") || check_sid(sid, "MM")) ? sid : NULL;
}

enum err twilio_message_send(struct ctx *cx, const struct twilio *t, const struct twilio_message *m, const char **sid)
{
    struct buf         form = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc;
    twilio_field(&form, "To", m->to);
    twilio_field(&form, "From", m->from);
    twilio_field(&form, "Body", m->body);
    TRY(twilio_ask(cx, t, &(const struct twilio_ask){ .path = "Messages.json", .form = &form }, &doc));
    const char *made = sid_of(doc);
    if (made == NULL) return ctx_fail(cx, ERR_UNKNOWN, "Twilio's reply is no message");
    *sid = made;
    return OK;
}

enum err twilio_message_find(struct ctx *cx, const struct twilio *t, const struct twilio_message *m, int64_t since_ms,
                             const char **sid)
{
    struct buf         query = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc, *list;
    char               day[CLOCK_TEXT];
    clock_rfc3339_to(day, since_ms);
    day[10] = '\0';
    twilio_field(&query, "To", m->to);
    twilio_field(&query, "From", m->from);
    twilio_field(&query, "DateSent>", day); /* DateSent>=, https://www.twilio.com/docs/messaging/api/message-resource */
    twilio_field(&query, "PageSize", "200");
    const struct twilio_ask q = { .path = arena_printf(cx->arena, "Messages.json?%s", query.at) };
    TRY(twilio_ask(cx, t, &q, &doc));
    list = json_get(doc, "messages");
    *sid = NULL;
    size_t seen = 0;
    for (const struct json *v = json_first(list); v != NULL && seen < LOOK_AT; v = json_next(v), seen++) {
        const char *body = json_text(json_get(v, "body"));
        if (body == NULL || strcmp(body, m->body) != 0) continue;
        *sid = sid_of(v);
        return OK;
    }
    return OK;
}
