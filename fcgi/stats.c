/* Figures: one handler; each report is a row of the route table and a statement. */
#include "handlers.h"

#include "check.h"

#include "sql.h"

#include <string.h>

struct stats_args {
    const char    *from, *to, *by, *model, *client_id, *user_id, *number_id, *campaign_id, *source, *direction;
    const bool    *compare;
    const int64_t *limit;
};

#define AT(member) offsetof(struct stats_args, member)

enum { SOURCE_MAX = 100, LIMIT_MAX = 1000 };

/* clang-format off */
#define SCOPE                                                             \
    { "from",        FIELD_DATE, AT(from),        false, 0, 0, NULL },    \
    { "to",          FIELD_DATE, AT(to),          false, 0, 0, NULL },    \
    { "client_id",   FIELD_UUID, AT(client_id),   false, 0, 0, NULL },    \
    { "user_id",     FIELD_UUID, AT(user_id),     false, 0, 0, NULL },    \
    { "number_id",   FIELD_UUID, AT(number_id),   false, 0, 0, NULL },    \
    { "campaign_id", FIELD_UUID, AT(campaign_id), false, 0, 0, NULL },    \
    { "source",      FIELD_TEXT, AT(source),      false, 1, SOURCE_MAX, NULL }, \
    { "direction",   FIELD_WORD, AT(direction),   false, 0, 0, " inbound outbound " }
static const struct field plain_rows[] = { SCOPE };
static const struct field summary_rows[] = { SCOPE,
    { "compare", FIELD_BOOL, AT(compare), false, 0, 0, NULL } };
static const struct field timeline_rows[] = { SCOPE,
    { "by", FIELD_WORD, AT(by), false, 0, 0, " hour day week month " } };
static const struct field breakdown_rows[] = { SCOPE,
    { "by", FIELD_WORD, AT(by), false, 0, 0, " client user number campaign source country " } };
static const struct field callers_rows[] = { SCOPE,
    { "limit", FIELD_INT, AT(limit), false, 1, LIMIT_MAX, NULL } };
static const struct field tracking_rows[] = { SCOPE,
    { "by", FIELD_WORD, AT(by), false, 0, 0, " campaign source client total " } };
static const struct field attribution_rows[] = {
    { "from",      FIELD_DATE, AT(from),      false, 0, 0, NULL },
    { "to",        FIELD_DATE, AT(to),        false, 0, 0, NULL },
    { "client_id", FIELD_UUID, AT(client_id), false, 0, 0, NULL },
    { "model",     FIELD_WORD, AT(model),     false, 0, 0, " first last lead split " },
    { "compare",   FIELD_BOOL, AT(compare),   false, 0, 0, NULL } };
static const struct field costs_rows[] = { SCOPE,
    { "by", FIELD_WORD, AT(by), false, 0, 0, " kind client campaign number month " } };
/* clang-format on */
const struct fields stats_query = FIELDS(plain_rows, struct stats_args);
const struct fields stats_summary_query = FIELDS(summary_rows, struct stats_args);
const struct fields stats_timeline_query = FIELDS(timeline_rows, struct stats_args);
const struct fields stats_breakdown_query = FIELDS(breakdown_rows, struct stats_args);
const struct fields stats_callers_query = FIELDS(callers_rows, struct stats_args);
const struct fields stats_tracking_query = FIELDS(tracking_rows, struct stats_args);
const struct fields stats_costs_query = FIELDS(costs_rows, struct stats_args);
const struct fields stats_attribution_query = FIELDS(attribution_rows, struct stats_args);

/* All of one shape: the parameters in, a document out. */
static const struct db_stmt *const reports[] = {
    [STATS_SUMMARY] = &sql_stats_summary_stmt,
    [STATS_TIMELINE] = &sql_stats_timeline_stmt,
    [STATS_HOURS] = &sql_stats_hours_stmt,
    [STATS_WEEKDAYS] = &sql_stats_weekdays_stmt,
    [STATS_HEATMAP] = &sql_stats_heatmap_stmt,
    [STATS_BREAKDOWN] = &sql_stats_breakdown_stmt,
    [STATS_CALLERS] = &sql_stats_callers_stmt,
    [STATS_GEOGRAPHY] = &sql_stats_geography_stmt,
    [STATS_AGENTS] = &sql_stats_agents_stmt,
    [STATS_BEST_TIME] = &sql_stats_best_time_stmt,
    [STATS_TRACKING] = &sql_stats_tracking_stmt,
    [STATS_RECORDINGS] = &sql_stats_recordings_stmt,
    [STATS_CALLBACKS] = &sql_stats_callbacks_stmt,
    [STATS_CONCURRENCY] = &sql_stats_concurrency_stmt,
    [STATS_CORRELATION] = &sql_stats_correlation_stmt,
    [STATS_FORECAST] = &sql_stats_forecast_stmt,
    [STATS_WEBHOOKS] = &sql_stats_webhooks_stmt,
    [STATS_USAGE] = &sql_stats_usage_stmt,
    [STATS_COSTS] = &sql_stats_costs_stmt,
    [STATS_NUMBERS] = &sql_stats_numbers_stmt,
    [STATS_ATTRIBUTION] = &sql_stats_attribution_stmt,
};

/* What may be asked, where a report has its own limit: else what stat_scope() raises. */
static const char *range_rule(int64_t report)
{
    return report == STATS_ATTRIBUTION ? "must be before to, within ten years; at most 200000 calls came in"
                                       : "must be before to, within ten years; by=hour: 93 days";
}

/* GET /api/v1/stats/{report} ?from&to&client_id&... -> 200 {"as_of","time_zone","from","to",...}
 * to is the first day that does not count. Without a range: the last 30 days, today included. */
enum err stats_show(struct req *rq, struct res *rs)
{
    struct ctx                       *cx = rq->ctx;
    const struct sql_stats_summary_in in = { .args = field_print(cx, NULL, rq->route->query, rq->args) };
    struct sql_stats_summary          report;
    enum err                          e = db_run(cx, reports[rq->route->arg], &in, &report);
    if (e == ERR_INVALID && strstr(cx->err.msg, " 23514 ") != NULL) { /* what the report raises; any other is ours */
        ctx_forgive(cx);
        return field_fault(cx, ERR_INVALID, "?from", "range", range_rule(rq->route->arg));
    }
    if (e == ERR_INVALID) cx->err.code = e = ERR_INTERNAL;
    return e != OK ? e : res_json(rs, 200, report.doc);
}

/* GET /api/v1/calls/{id or CallSid}/attribution -> 200 {"call_id","days","touchpoints":[...],"models":[...]} */
enum err calls_attribution(struct req *rq, struct res *rs)
{
    struct ctx                    *cx = rq->ctx;
    const char                    *id = rq->param[0];
    struct sql_call_attribution_in in = { .id = check_uuid(id) ? id : NULL, .sid = check_sid(id, "CA") ? id : NULL };
    struct sql_call_attribution    call = { 0 };
    if (in.id != NULL || in.sid != NULL) TRY(sql_call_attribution(cx, &in, &call));
    return call.doc != NULL ? res_json(rs, 200, call.doc) : ctx_fail(cx, ERR_NOT_FOUND, "no such call");
}
