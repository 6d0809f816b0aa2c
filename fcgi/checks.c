/* What is configured, tried at this moment: the account at Twilio, the models' server, the mail server. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "config.h"
#include "mail.h"
#include "openai.h"
#include "sql.h"
#include "twilio_account.h"

#include <string.h>

enum { REPLY_MAX = 16 * 1024, MAIL_MS = 10 * 1000 };

struct mail_check {
    const char *to;
};

/* clang-format off */
static const struct field mail_rows[] = {
    { "to", FIELD_TEXT, offsetof(struct mail_check, to), false, 3, 254, NULL },
};
/* clang-format on */
const struct fields mail_check_in = FIELDS(mail_rows, struct mail_check);

/* "" is null: Twilio has not said it. */
static void member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "%s\"%s\":", b->at[b->len - 1] == '{' ? "" : ",", name);
    if (value == NULL || *value == '\0') buf_str(b, "null");
    else buf_json(b, value);
}

/* GET /api/v1/settings/twilio/check -> 200 {"account_sid","name","status","type","balance","currency"}, as Twilio says
 * at this moment. 502: it does not take the account or its token. */
enum err checks_twilio(struct req *rq, struct res *rs)
{
    struct ctx           *cx = rq->ctx;
    struct buf            b = buf_new(cx->arena, REPLY_MAX);
    struct twilio         t;
    struct twilio_account a;
    TRY(twilio_load(cx, &t));
    TRY(twilio_account_get(cx, &t, &a));
    buf_str(&b, "{");
    member(&b, "account_sid", t.sid);
    member(&b, "name", a.name);
    member(&b, "status", a.status);
    member(&b, "type", a.type);
    member(&b, "balance", a.balance);
    member(&b, "currency", a.currency);
    buf_str(&b, "}\n");
    return b.full ? ctx_fail(cx, ERR_UPSTREAM, "Twilio's account is over %d bytes", REPLY_MAX)
                  : res_json(rs, 200, b.at);
}

static const char *known(const struct json *models, const char *name)
{
    const struct json *list = json_get(models, "data");
    if (json_first(list) == NULL) return "null"; /* a server that does not say what it has */
    for (const struct json *m = json_first(list); m != NULL; m = json_next(m)) {
        const char *id = json_text(json_get(m, "id"));
        if (id != NULL && strcmp(id, name) == 0) return "true";
    }
    return "false";
}

/* GET /api/v1/settings/transcription/check -> 200 which server and models write calls down, and whether it has them;
 * null: it does not say. 502: it refuses us. Nothing is paid for. */
enum err checks_model(struct req *rq, struct res *rs)
{
    struct ctx          *cx = rq->ctx;
    const struct config *c = cx->cfg;
    struct buf           b = buf_new(cx->arena, REPLY_MAX);
    const struct json   *models;
    if (openai_models(cx, &models) != OK) {
        cx->err.cure = "Check OPENAI_BASE_URL and OPENAI_API_KEY in switchhook.env, and that the server is up.";
        return cx->err.code;
    }
    buf_str(&b, "{");
    member(&b, "endpoint", openai_endpoint(cx));
    member(&b, "transcribe_model", c->transcribe_model);
    buf_printf(&b, ",\"transcribe_known\":%s", known(models, c->transcribe_model));
    member(&b, "analyse_model", c->analyse_model);
    buf_printf(&b, ",\"analyse_known\":%s}\n", known(models, c->analyse_model));
    return b.full ? ctx_fail(cx, ERR_INTERNAL, "a setting is over %d bytes", REPLY_MAX) : res_json(rs, 200, b.at);
}

static enum err send(struct ctx *cx, const char *to, const char *tenant)
{
    const struct mail mail = {
        .to = to,
        .subject = arena_printf(cx->arena, "Mail from %s works", tenant),
        .text = "This is the test mail that was asked for in the settings. Nothing needs to be done.\n",
        .timeout_ms = MAIL_MS,
    };
    if (mail_send(cx, &mail) == OK) return OK;
    cx->err.cure = "Check SMTP_URL and MAIL_FROM in switchhook.env, and that the mail server takes mail from us.";
    if (cx->err.code == ERR_UNAVAILABLE) cx->err.code = ERR_UPSTREAM; /* the server's, not ours: said in words */
    return cx->err.code;
}

/* POST /api/v1/settings/mail/check {to?} -> 200 {"to"}: the mail server has taken a test mail to that address, without
 * one to who asks. A second round trip, for the audit tells of what went out. */
enum err checks_mail(struct req *rq, struct res *rs)
{
    struct ctx             *cx = rq->ctx;
    const char             *to = ((const struct mail_check *)rq->in)->to;
    struct buf              b = buf_new(cx->arena, REPLY_MAX);
    struct sql_mail_own     own;
    struct sql_audit_add    added;
    struct sql_audit_add_in entry = { .who = auth_actor(rq), .did = "mail.check", .origin = rq->remote };
    TRY(sql_mail_own(cx, &(const struct sql_mail_own_in){ rq->user }, &own));
    if (to == NULL) to = own.email;
    if (to == NULL || !mail_address(to))
        return field_fault(cx, ERR_INVALID, "/to", "email", "expected one plain address, user@host");
    TRY(send(cx, to, own.tenant));
    entry.what = to;
    TRY(sql_audit_add(cx, &entry, &added));
    buf_str(&b, "{");
    member(&b, "to", to);
    buf_str(&b, "}\n");
    return res_json(rs, 200, b.at);
}
