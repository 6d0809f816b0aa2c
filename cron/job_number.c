/* What numbers wait for: each thing by itself, for one that fails must not keep the others waiting. */
#include "log.h"
#include "number.h"
#include "sql.h"
#include "sweep.h"

#include <string.h>

enum { WORK_MS = 30 * 1000 };

static enum err purchase(struct ctx *cx, const char *id)
{
    return number_resolve(cx, id);
}

static enum err release(struct ctx *cx, const char *id)
{
    return number_give_back(cx, id);
}

/* One that cannot be told its URLs is told later, or it would be asked about in each round. */
static enum err apply(struct ctx *cx, const char *id)
{
    const enum err e = number_apply(cx, id);
    struct error   before = cx->err;
    if (e == OK) return OK;
    ctx_forgive(cx);
    if (sql_number_later(cx, &(const struct sql_number_later_in){ id }) == OK) cx->err = before;
    return cx->err.code;
}

static enum err check(struct ctx *cx, const char *id)
{
    struct number_report found;
    (void)id; /* the tenant's own */
    if (number_check(cx, NULL, NULL, &found) != OK) {
        struct error before = cx->err;
        ctx_forgive(cx);
        if (sql_numbers_later(cx) == OK) cx->err = before;
        return cx->err.code;
    }
    if (found.drifted + found.strangers > 0)
        LOG(LOG_WARN, "numbers are not as they should be at Twilio", LOG_TEXT("tenant", cx->tenant),
            LOG_NUM("numbers", found.drifted), LOG_NUM("not_adopted", found.strangers));
    return OK;
}

static const struct {
    const char *work;
    enum err (*run)(struct ctx *, const char *id);
} rows[] = {
    { "purchase", purchase },
    { "release", release },
    { "apply", apply },
    { "check", check },
};

static enum err one(struct ctx *cx, const struct sql_numbers_due *due)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].work, due->work) == 0) return rows[i].run(cx, due->id);
    return ctx_fail(cx, ERR_INTERNAL, "numbers_due: %.40s", due->work);
}

enum err job_number(struct ctx *cx)
{
    struct db_rows due;
    TRY(sql_numbers_due(cx, &due));
    const struct sql_numbers_due *v = due.v;
    for (size_t i = 0; i < due.n; i++) {
        job_allow(cx, WORK_MS);
        if (one(cx, &v[i]) == OK) continue;
        LOG(LOG_WARN, "number", LOG_TEXT("work", v[i].work), LOG_TEXT("id", v[i].id), LOG_TEXT("reason", cx->err.msg));
        ctx_forgive(cx);
    }
    return OK;
}
