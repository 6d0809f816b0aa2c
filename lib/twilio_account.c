/* The account itself at Twilio. */
#include "twilio_account.h"

#include "twilio_ask.h"

#include <string.h>

static const char *text(const struct json *doc, const char *name)
{
    const char *v = json_text(json_get(doc, name));
    return v == NULL ? "" : v;
}

static enum err find(struct ctx *cx, const struct twilio *t, struct twilio_account *out)
{
    const struct json *doc;
    TRY(twilio_ask(cx, t, &(const struct twilio_ask){ .path = NULL }, &doc));
    if (strcmp(text(doc, "sid"), t->sid) != 0) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no account");
    *out = (struct twilio_account){ .name = text(doc, "friendly_name"),
                                    .status = text(doc, "status"),
                                    .type = text(doc, "type") };
    return OK;
}

enum err twilio_account_get(struct ctx *cx, const struct twilio *t, struct twilio_account *out)
{
    const struct json    *doc;
    struct twilio_account a;
    TRY(find(cx, t, &a));
    a.balance = a.currency = "";
    if (twilio_ask(cx, t, &(const struct twilio_ask){ .path = "Balance.json" }, &doc) == OK) {
        a.balance = text(doc, "balance");
        a.currency = text(doc, "currency");
    } else ctx_forgive(cx);
    *out = a;
    return OK;
}
