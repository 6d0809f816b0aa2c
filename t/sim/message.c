/* Messages: SMS in and out, with their states and replies. */
#include "message.h"

#include "send.h"
#include "sign.h"
#include "twiml_run.h"
#include "url.h"

#include <libxml/parser.h>
#include <string.h>

enum { SENT_MS = 500, DELIVERED_MS = 1500 };

int message_segments(const char *body)
{
    int  n = 0;
    bool wide = false;
    for (; *body != '\0'; body++) {
        n += ((unsigned char)*body & 0xc0) != 0x80;
        wide |= ((unsigned char)*body & 0x80) != 0;
    }
    int one = wide ? 70 : 160, many = wide ? 67 : 153;
    return n <= one ? 1 : (n + many - 1) / many;
}

static struct message *message_new(const char *from, const char *to, const char *body, const char *direction)
{
    struct message *m = keep(sizeof *m);
    *m = (struct message){ .sid = chance_sid("SM"),
                           .from = keep_str(from),
                           .to = keep_str(to),
                           .body = keep_str(body),
                           .direction = direction,
                           .unix0 = clock_wall_ms(),
                           .updated = clock_wall_ms() };
    list_add(&world.messages, m);
    return m;
}

static void report(struct message *m)
{
    struct form f = { 0 };
    m->updated = clock_wall_ms();
    world_log("message %s %s -> %s: %s", m->sid, m->from, m->to, m->status);
    if (m->callback == NULL || m->callback[0] == '\0') return;
    form_add(&f, "SmsSid", m->sid);
    form_add(&f, "SmsStatus", m->status);
    form_add(&f, "MessageStatus", m->status);
    form_add(&f, "To", m->to);
    form_add(&f, "MessageSid", m->sid);
    form_add(&f, "AccountSid", world.who.account);
    form_add(&f, "From", m->from);
    form_add(&f, "ApiVersion", "2010-04-01");
    if (m->error != NULL) form_add(&f, "ErrorCode", m->error);
    send_hook(&(struct hook){ .kind = "sms_status", .url = m->callback, .params = f });
}

static void delivered(void *arg)
{
    struct message     *m = arg;
    const struct phone *p = world_phone(m->to, false);
    bool                dead = p != NULL && strcmp(p->answer, "fail") == 0;
    m->status = dead ? "undelivered" : "delivered";
    m->error = dead ? "30003" : NULL;
    report(m);
}

static void sent(void *arg)
{
    struct message *m = arg;
    if (strcmp(m->status, "canceled") == 0) return;
    m->status = "sent";
    report(m);
    (void)clock_in(DELIVERED_MS, delivered, m);
}

struct message *message_send(const char *from, const char *to, const char *body, const char *callback,
                             const char *service)
{
    struct message *m = message_new(from, to, body, "outbound-api");
    m->callback = keep_str(callback);
    m->service = keep_str(service);
    m->status = "queued";
    report(m);
    (void)clock_in(SENT_MS, sent, m);
    return m;
}

static void answer_with(struct message *m, const xmlNode *n, const char *base)
{
    const char *to = run_attr(n, "to"), *from = run_attr(n, "from"), *callback = run_attr(n, "action"),
               *body = run_content(n);
    if (callback == NULL) callback = run_attr(n, "statusCallback");
    for (const xmlNode *k = run_child(n); k != NULL; k = run_sibling(k))
        if (strcmp((const char *)k->name, "Body") == 0) body = run_content(k);
    struct message *reply = message_send(from != NULL ? from : m->to, to != NULL ? to : m->from, body,
                                         callback != NULL ? url_resolve(base, callback) : NULL, NULL);
    reply->direction = "outbound-reply";
}

static void replied(void *arg, const struct hook_reply *r)
{
    struct message *m = arg;
    if (r->code != NULL || r->len == 0) return;
    xmlDoc *doc =
        xmlReadMemory(r->body, (int)r->len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (root == NULL) world_alert("12100", NULL, r->url, "document parse failure");
    for (const xmlNode *n = root != NULL ? run_child(root) : NULL; n != NULL; n = run_sibling(n))
        if (strcmp((const char *)n->name, "Message") == 0) answer_with(m, n, r->url);
    xmlFreeDoc(doc);
}

struct message *message_receive(const char *from, const char *to, const char *body)
{
    struct message *m = message_new(from, to, body, "inbound");
    struct number  *number = world_number(to);
    const char     *url = number != NULL ? form_get(&number->set, "SmsUrl") : NULL;
    struct form     f = { 0 };
    m->status = "received";
    if (url == NULL || url[0] == '\0') return m;
    form_add(&f, "ToCountry", "");
    form_add(&f, "ToState", "");
    form_add(&f, "SmsMessageSid", m->sid);
    form_add(&f, "NumMedia", "0");
    form_add(&f, "ToCity", "");
    form_add(&f, "FromZip", "");
    form_add(&f, "SmsSid", m->sid);
    form_add(&f, "FromState", "");
    form_add(&f, "SmsStatus", "received");
    form_add(&f, "FromCity", "");
    form_add(&f, "Body", body);
    form_add(&f, "FromCountry", "");
    form_add(&f, "To", to);
    form_add(&f, "ToZip", "");
    form_addf(&f, "NumSegments", "%d", message_segments(body));
    form_add(&f, "MessageSid", m->sid);
    form_add(&f, "AccountSid", world.who.account);
    form_add(&f, "From", from);
    form_add(&f, "ApiVersion", "2010-04-01");
    send_hook(&(struct hook){ .kind = "sms",
                              .url = keep_str(url),
                              .method = form_get(&number->set, "SmsMethod"),
                              .params = f,
                              .twiml = true,
                              .done = replied,
                              .arg = m });
    return m;
}
