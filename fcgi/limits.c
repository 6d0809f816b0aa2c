/* What a tenant may call: the guard against toll fraud, and the switch that stops every call. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "sql.h"

#include <string.h>

enum { LIST_MAX = 300, PREFIX_MAX = 15, MONEY_MAX = 13 };

struct limits {
    const char    *countries, *blocked_prefixes, *money_per_day;
    const int64_t *per_second, *concurrent, *minutes_per_day;
    const bool    *stopped;
};

#define AT(member) offsetof(struct limits, member)

/* clang-format off */
static const struct field rows[] = {
    { "countries",        FIELD_RAW,  AT(countries),        false, 0, 0, NULL },
    { "blocked_prefixes", FIELD_RAW,  AT(blocked_prefixes), false, 0, 0, NULL },
    { "per_second",       FIELD_INT,  AT(per_second),       false, 0, 1000, NULL },
    { "concurrent",       FIELD_INT,  AT(concurrent),       false, 0, 10000, NULL },
    { "minutes_per_day",  FIELD_INT,  AT(minutes_per_day),  false, 0, 65535, NULL },
    { "money_per_day",    FIELD_TEXT, AT(money_per_day),    false, 1, MONEY_MAX, NULL },
    { "stopped",          FIELD_BOOL, AT(stopped),          true,  0, 0, NULL },
};
/* clang-format on */
const struct fields limits_patch = FIELDS_PARTIAL(rows, struct limits);

static bool country(const char *s)
{
    return strlen(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z';
}

static bool prefix(const char *s)
{
    const size_t n = strlen(s);
    return n >= 2 && n <= PREFIX_MAX && s[0] == '+' && strspn(s + 1, "0123456789") == n - 1;
}

static bool money(const char *s)
{
    const size_t whole = strspn(s, "0123456789"), cents = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 0;
    return whole >= 1 && whole <= 10 && cents <= 2 && strlen(s) == whole + (cents > 0 ? cents + 1 : 0);
}

static enum err each(struct req *rq, const char *name, bool (*good)(const char *), const char *want)
{
    struct ctx        *cx = rq->ctx;
    const struct json *list = json_get(rq->json, name);
    size_t             i = 0;
    if (json_count(list) > LIST_MAX)
        return field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/%s", name), "range", "is too long");
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v), i++) {
        const char *text = json_text(v);
        if (text == NULL || !good(text))
            (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/%s/%zu", name, i), "type", want);
    }
    return cx->err.code;
}

/* GET /api/v1/settings/limits -> 200 */
enum err limits_show(struct req *rq, struct res *rs)
{
    struct sql_limits_show row;
    TRY(sql_limits_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* PATCH /api/v1/settings/limits If-Match? -> 200: absent members stay, null takes a limit away. {"stopped":true} is the
 * kill switch. A key may only tighten: a stolen one must not open the world to calls that cost money. */
enum err limits_change(struct req *rq, struct res *rs)
{
    struct ctx                 *cx = rq->ctx;
    const struct limits        *in = rq->in;
    const bool                  any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_limits_change    done;
    struct sql_limits_change_in change = { .patch = field_print(cx, rq->json, rq->route->in, rq->in),
                                           .etag = any ? NULL : rq->if_match,
                                           .machine = rq->key != NULL,
                                           .actor = auth_actor(rq),
                                           .origin = rq->remote };
    (void)each(rq, "countries", country, "expected two capitals of ISO 3166, such as GB");
    (void)each(rq, "blocked_prefixes", prefix, "expected + and up to 14 digits");
    if (in->money_per_day != NULL && !money(in->money_per_day))
        (void)field_fault(cx, ERR_INVALID, "/money_per_day", "type", "expected an amount such as 50.00");
    if (cx->err.code != OK) return cx->err.code;
    TRY(sql_limits_change(cx, &change, &done));
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "they have been changed meanwhile");
    if (strcmp(done.verdict, "loosens") == 0)
        return ctx_fail(cx, ERR_FORBIDDEN, "a key may tighten limits and stop calls; to loosen them takes a person");
    return res_json(rs, 200, done.doc);
}
