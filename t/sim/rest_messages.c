/* Twilio's Messages; fault message_cut: the message is sent, its receipt is lost. */
#include "control.h"
#include "fault.h"
#include "message.h"
#include "rest.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
enum { BODY_CHARS_MAX = 1600 };
/* clang-format on */

static cJSON *show(void *item)
{
    const struct message *m = item;
    cJSON                *o = cJSON_CreateObject();
    bool                  out = strcmp(m->direction, "inbound") != 0, went = strcmp(m->status, "queued") != 0;
    json_text(o, "account_sid", world.who.account);
    json_text(o, "api_version", "2010-04-01");
    json_text(o, "body", m->redacted ? "" : m->body);
    json_date(o, "date_created", m->unix0);
    json_date(o, "date_sent", went ? m->updated : -1);
    json_date(o, "date_updated", m->updated);
    json_text(o, "direction", m->direction);
    if (m->error != NULL) json_int(o, "error_code", strtol(m->error, NULL, 10));
    else json_text(o, "error_code", NULL);
    json_text(o, "error_message", m->error != NULL ? "Unreachable destination handset" : NULL);
    json_text(o, "from", m->from);
    json_text(o, "messaging_service_sid", m->service);
    json_text(o, "num_media", "0");
    json_text(o, "num_segments", keep_fmt("%d", message_segments(m->body)));
    json_text(o, "price", out && went ? "-0.00750" : NULL);
    json_text(o, "price_unit", "USD");
    json_text(o, "sid", m->sid);
    json_text(o, "status", m->status);
    json_text(o, "to", m->to);
    json_text(o, "uri", rest_uri("/Messages/%s.json", m->sid));
    cJSON *u = cJSON_AddObjectToObject(o, "subresource_uris");
    json_text(u, "media", rest_uri("/Messages/%s/Media.json", m->sid));
    return o;
}

static const char *sid_of(void *item)
{
    return ((const struct message *)item)->sid;
}

static struct message *by_sid(const struct request *q, struct reply *r)
{
    for (size_t i = 0; i < world.messages.n; i++) {
        struct message *m = world.messages.v[i];
        if (!m->deleted && strcmp(m->sid, q->seg[1]) == 0) return m;
    }
    rest_not_found(q, r);
    return NULL;
}

static bool number_like(const char *s)
{
    return s[0] == '+' && strlen(s) >= 8 && strlen(s) <= 16 && strspn(s + 1, "0123456789") == strlen(s) - 1;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s != '\0'; s++) n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

void messages_create(struct request *q, struct reply *r)
{
    const struct form *f = &q->form;
    const char *to = form_get(f, "To"), *from = form_get(f, "From"), *service = form_get(f, "MessagingServiceSid"),
               *body = form_get(f, "Body");
    const char *callback = form_get(f, "StatusCallback");
    if (to == NULL || to[0] == '\0') rest_fail(r, 400, 21604, "A 'To' phone number is required.");
    else if (!number_like(to) || strcmp(to, "+15005550001") == 0)
        rest_fail(r, 400, 21211, "Invalid 'To' Phone Number: %s", to);
    else if (strcmp(to, "+15005550004") == 0) rest_fail(r, 400, 21610, "Attempt to send to unsubscribed recipient");
    else if (strcmp(to, "+15005550009") == 0) rest_fail(r, 400, 21614, "'To' number is not a valid mobile number");
    else if (from == NULL && service == NULL) rest_fail(r, 400, 21603, "A 'From' phone number is required.");
    else if (from != NULL && world_number(from) == NULL && strcmp(from, "+15005550006") != 0)
        rest_fail(r, 400, 21606, "The 'From' phone number %s is not a valid, SMS-capable number for your account.",
                  from);
    else if ((body == NULL || body[0] == '\0') && !form_has(f, "MediaUrl") && !form_has(f, "ContentSid"))
        rest_fail(r, 400, 21602, "Message body is required.");
    else if (body != NULL && characters(body) > BODY_CHARS_MAX)
        rest_fail(r, 400, 21617, "The concatenated message body exceeds the 1600 character limit");
    else if (callback != NULL && callback[0] != '\0' && !url_ok(callback))
        rest_fail(r, 400, 21609, "The StatusCallback URL %s is not a valid URL.", callback);
    else {
        const struct occasion o = { .from = from, .to = to };
        const struct fault   *fault = fault_at("message_cut", &o);
        reply_json(r, 201,
                   show(message_send(from != NULL ? from : "", to, body != NULL ? body : "", callback, service)));
        if (fault != NULL) r->cut_at = fault->at_byte;
    }
}

void messages_list(struct request *q, struct reply *r)
{
    struct list found = { 0 };
    for (size_t i = world.messages.n; i-- > 0;) {
        struct message *m = world.messages.v[i];
        if (!m->deleted && rest_equal(&q->query, "To", m->to) && rest_equal(&q->query, "From", m->from)
            && rest_dated(&q->query, "DateSent", m->updated))
            list_add(&found, m);
    }
    rest_page(q, r, &(struct page){ "messages", found.v, found.n, show, sid_of });
    free(found.v);
}

void messages_fetch(struct request *q, struct reply *r)
{
    struct message *m = by_sid(q, r);
    if (m != NULL) reply_json(r, 200, show(m));
}

/* POST Messages/{sid}.json: Body= redacts, Status=canceled. */
void messages_update(struct request *q, struct reply *r)
{
    struct message *m = by_sid(q, r);
    const char     *body = form_get(&q->form, "Body"), *status = form_get(&q->form, "Status");
    if (m == NULL) return;
    if (body != NULL && body[0] == '\0') m->redacted = true;
    if (status != NULL && strcmp(status, "canceled") == 0 && strcmp(m->status, "queued") == 0) m->status = "canceled";
    reply_json(r, 200, show(m));
}

void messages_delete(struct request *q, struct reply *r)
{
    struct message *m = by_sid(q, r);
    if (m == NULL) return;
    m->deleted = true;
    r->status = 204;
}

/* POST /sim/messages {from, to, body}: somebody writes to one of our numbers. */
void sim_message_create(struct request *q, struct reply *r)
{
    cJSON      *o = cJSON_Parse(q->body);
    const char *from = control_text_of(o, "from"), *to = control_text_of(o, "to"), *body = control_text_of(o, "body");
    cJSON_Delete(o);
    if (from == NULL || to == NULL || body == NULL) control_refuse(r, 400, "from, to and body are needed");
    else if (world_number(to) == NULL) control_refuse(r, 404, "to: not a number of this account");
    else reply_json(r, 201, show(message_receive(from, to, body)));
}

void sim_message_list(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "messages");
    (void)q;
    for (size_t i = 0; i < world.messages.n; i++) cJSON_AddItemToArray(a, show(world.messages.v[i]));
    reply_json(r, 200, o);
}
