/* Reports by mail: their schedules, and what was sent. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "mail.h"
#include "sql.h"

#include <string.h>

enum { RECIPIENTS_MAX = 20, CLOCK_BYTES = 5 };

struct schedule {
    const char *client_id, *every, *recipients, *send_at;
    const bool *enabled;
};

#define AT(member) offsetof(struct schedule, member)

/* clang-format off */
static const struct field rows[] = {
    { "every",      FIELD_WORD, AT(every),      true,  0, 0, " week month " },
    { "recipients", FIELD_RAW,  AT(recipients), true,  0, 0, NULL },
    { "client_id",  FIELD_UUID, AT(client_id),  false, 0, 0, NULL },
    { "send_at",    FIELD_TEXT, AT(send_at),    false, CLOCK_BYTES, CLOCK_BYTES, NULL },
    { "enabled",    FIELD_BOOL, AT(enabled),    false, 0, 0, NULL },
};
/* clang-format on */
const struct fields schedule_in = FIELDS(rows, struct schedule);
const struct fields schedule_patch = FIELDS_PARTIAL(rows, struct schedule);

static enum err sound(struct req *rq)
{
    struct ctx            *cx = rq->ctx;
    const struct schedule *in = rq->in;
    const struct json     *list = json_get(rq->json, "recipients");
    const size_t           n = json_count(list);
    if (list != NULL && (n < 1 || n > RECIPIENTS_MAX))
        (void)field_fault(cx, ERR_INVALID, "/recipients", "range", "expected 1 to 20 addresses");
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v))
        if (json_text(v) == NULL || !mail_address(json_text(v)))
            (void)field_fault(cx, ERR_INVALID, "/recipients", "type", "expected addresses, user@host");
    int64_t hour, minute;
    if (in->send_at != NULL
        && !(in->send_at[2] == ':' && check_int(arena_copy(cx->arena, in->send_at, 2), 0, 23, &hour)
             && check_int(in->send_at + 3, 0, 59, &minute)))
        (void)field_fault(cx, ERR_INVALID, "/send_at", "time", "expected HH:MM");
    return cx->err.code;
}

static enum err refused(struct req *rq, enum err e)
{
    if (e != ERR_INVALID || rq->ctx->err.at != NULL) return e;
    ctx_forgive(rq->ctx);
    return field_fault(rq->ctx, ERR_INVALID, "/client_id", "reference", "is unknown, or a recipient is no address");
}

/* POST /api/v1/report-schedules {every, recipients, client_id?, send_at?, enabled?} -> 201 */
enum err reports_schedule_add(struct req *rq, struct res *rs)
{
    TRY(sound(rq));
    return refused(rq, nouns_add(rq, rs));
}

/* PATCH /api/v1/report-schedules/{id} If-Match? -> 200 */
enum err reports_schedule_change(struct req *rq, struct res *rs)
{
    TRY(sound(rq));
    return refused(rq, nouns_change(rq, rs));
}

/* POST /api/v1/report-schedules/{id}/send -> 202 {report_id}: the report of the last period goes out, again if need be.
 */
enum err reports_send(struct req *rq, struct res *rs)
{
    struct sql_schedule_send          done = { .report = NULL };
    const struct sql_schedule_send_in in = { rq->param[0], auth_actor(rq), rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_schedule_send(rq->ctx, &in, &done));
    if (done.report == NULL) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such schedule");
    return res_json(rs, 202, arena_printf(rq->ctx->arena, "{\"report_id\":\"%s\"}", done.report));
}

/* GET /api/v1/reports ?limit&cursor&count -> 200 {"data":[...],"next_cursor"} */
enum err reports_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_reports_page_stmt);
}

/* GET /api/v1/reports/{id} -> 200 with its figures, and the mail as it was sent. */
enum err reports_show(struct req *rq, struct res *rs)
{
    struct sql_report_load row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_report_load(rq->ctx, &(const struct sql_report_load_in){ rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such report");
}
