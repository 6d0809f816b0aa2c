/* Rules for alerts: who is told what, by which way, and when not; and what was told. */
#include "handlers.h"

#include "check.h"
#include "mail.h"
#include "sql.h"

#include <string.h>

enum { TARGET_MAX = 254, ZONE_MAX = 64, CLOCK_BYTES = 5 };

struct rule {
    const char *user_id, *client_id, *kinds, *channel, *target, *time_zone, *quiet_from, *quiet_until, *digest,
        *digest_at;
    const bool *enabled;
};

#define AT(member) offsetof(struct rule, member)

/* clang-format off */
static const struct field rows[] = {
    { "kinds",       FIELD_RAW,  AT(kinds),       true,  0, 0, NULL },
    { "channel",     FIELD_WORD, AT(channel),     true,  0, 0, " mail sms " },
    { "user_id",     FIELD_UUID, AT(user_id),     false, 0, 0, NULL },
    { "client_id",   FIELD_UUID, AT(client_id),   false, 0, 0, NULL },
    { "target",      FIELD_TEXT, AT(target),      false, 3, TARGET_MAX, NULL },
    { "time_zone",   FIELD_TEXT, AT(time_zone),   false, 1, ZONE_MAX, NULL },
    { "quiet_from",  FIELD_TEXT, AT(quiet_from),  false, CLOCK_BYTES, CLOCK_BYTES, NULL },
    { "quiet_until", FIELD_TEXT, AT(quiet_until), false, CLOCK_BYTES, CLOCK_BYTES, NULL },
    { "digest",      FIELD_WORD, AT(digest),      false, 0, 0, " none hourly daily " },
    { "digest_at",   FIELD_TEXT, AT(digest_at),   false, CLOCK_BYTES, CLOCK_BYTES, NULL },
    { "enabled",     FIELD_BOOL, AT(enabled),     false, 0, 0, NULL },
};
/* clang-format on */
const struct fields rule_in = FIELDS(rows, struct rule);
const struct fields rule_patch = FIELDS_PARTIAL(rows, struct rule);

static void clock_of(struct ctx *cx, const char *pointer, const char *text)
{
    int64_t hour, minute;
    if (text == NULL) return;
    const bool good = text[2] == ':' && check_int(arena_copy(cx->arena, text, 2), 0, 23, &hour)
                      && check_int(text + 3, 0, 59, &minute);
    if (!good) (void)field_fault(cx, ERR_INVALID, pointer, "time", "expected HH:MM");
}

static enum err sound(struct req *rq)
{
    static const char  known[] = " missed_call webhook_failed transcription_failed number_drift spend "
                                 "provider_failed retention_failed ";
    struct ctx        *cx = rq->ctx;
    const struct rule *in = rq->in;
    const struct json *list = json_get(rq->json, "kinds");
    bool               good = list == NULL || json_first(list) != NULL;
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v))
        good = good && json_text(v) != NULL && check_word(json_text(v), known);
    if (!good) (void)field_fault(cx, ERR_INVALID, "/kinds", "word", "expected kinds of alerts");
    if (in->target != NULL && !mail_address(in->target) && !check_e164(in->target))
        (void)field_fault(cx, ERR_INVALID, "/target", "type", "expected user@host, or + and digits");
    clock_of(cx, "/quiet_from", in->quiet_from);
    clock_of(cx, "/quiet_until", in->quiet_until);
    clock_of(cx, "/digest_at", in->digest_at);
    return cx->err.code;
}

/* What the database refuses: a zone that is none, a client or user of nobody, quiet hours without an end. */
static enum err refused(struct req *rq, enum err e)
{
    if (e != ERR_INVALID && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND && rq->method != METHOD_POST) return e;
    if (rq->ctx->err.at != NULL) return e;
    ctx_forgive(rq->ctx);
    return ctx_fail(rq->ctx, ERR_INVALID,
                    "a rule needs a user or a target, both ends of quiet hours, and what it names must be known");
}

/* POST /api/v1/alert-rules {kinds, channel, user_id?, target?, client_id?, quiet_from?, ...} -> 201 */
enum err alerts_rule_add(struct req *rq, struct res *rs)
{
    TRY(sound(rq));
    return refused(rq, nouns_add(rq, rs));
}

/* PATCH /api/v1/alert-rules/{id} If-Match? -> 200 */
enum err alerts_rule_change(struct req *rq, struct res *rs)
{
    TRY(sound(rq));
    return refused(rq, nouns_change(rq, rs));
}

/* GET /api/v1/alerts ?limit&cursor&count -> 200 {"data":[...],"next_cursor"}: what was told to whom. */
enum err alerts_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_alerts_page_stmt);
}
