/* What calls bring and cost: conversions, advertising, budgets; and lists that are set as a whole. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "sheet.h"
#include "sql.h"

#include <string.h>

enum {
    EXTERNAL_MAX = 200,
    NAME_MAX_BYTES = 100,
    TIME_MAX = 40,
    TABLE_ROWS = 5000,
    QUERY_MAX = 4000,
    REPLY_MAX = 64 * 1024
};

struct money_body {
    const char *call_id, *call_sid, *external_id, *name, *value, *currency, *happened_at, *client_id, *campaign_id;
    const char *amount, *rows, *query, *columns;
    const bool *shared;
};

#define AT(member) offsetof(struct money_body, member)

/* clang-format off */
static const struct field conversion_rows[] = {
    { "call_id",     FIELD_UUID,  AT(call_id),     false, 0, 0, NULL },
    { "call_sid",    FIELD_TEXT,  AT(call_sid),    false, 34, 34, NULL },
    { "external_id", FIELD_TEXT,  AT(external_id), false, 1, EXTERNAL_MAX, NULL },
    { "name",        FIELD_TEXT,  AT(name),        false, 1, NAME_MAX_BYTES, NULL },
    { "value",       FIELD_MONEY, AT(value),       true,  0, 0, NULL },
    { "currency",    FIELD_TEXT,  AT(currency),    true,  3, 3, NULL },
    { "happened_at", FIELD_TEXT,  AT(happened_at), false, 10, TIME_MAX, NULL },
};
static const struct field marketing_rows[] = {
    { "rows", FIELD_RAW, AT(rows), true, 0, 0, NULL },
};
static const struct field budget_rows[] = {
    { "client_id",   FIELD_UUID,  AT(client_id),   false, 0, 0, NULL },
    { "campaign_id", FIELD_UUID,  AT(campaign_id), false, 0, 0, NULL },
    { "amount",      FIELD_MONEY, AT(amount),      true,  0, 0, NULL },
    { "currency",    FIELD_TEXT,  AT(currency),    true,  3, 3, NULL },
};
static const struct field view_rows[] = {
    { "name",    FIELD_TEXT, AT(name),    true,  1, NAME_MAX_BYTES, NULL },
    { "query",   FIELD_TEXT, AT(query),   false, 0, QUERY_MAX, NULL },
    { "columns", FIELD_RAW,  AT(columns), false, 0, 0, NULL },
    { "shared",  FIELD_BOOL, AT(shared),  false, 0, 0, NULL },
};
static const struct field dispositions_rows[] = { { "dispositions", FIELD_RAW, AT(rows), true, 0, 0, NULL } };
static const struct field rules_rows[] = { { "rules", FIELD_RAW, AT(rows), true, 0, 0, NULL } };
static const struct field prices_rows[] = { { "prices", FIELD_RAW, AT(rows), true, 0, 0, NULL } };
/* clang-format on */
const struct fields conversion_in = FIELDS(conversion_rows, struct money_body);
const struct fields marketing_in = FIELDS(marketing_rows, struct money_body);
const struct fields budget_in = FIELDS(budget_rows, struct money_body);
const struct fields view_in = FIELDS(view_rows, struct money_body);
const struct fields dispositions_in = FIELDS(dispositions_rows, struct money_body);
const struct fields rules_in = FIELDS(rules_rows, struct money_body);
const struct fields prices_in = FIELDS(prices_rows, struct money_body);

/* Lists that are read and set as a whole; all of one shape. */
static const struct list {
    const char           *member;
    const struct db_stmt *show, *set;
} lists[] = {
    [LIST_DISPOSITIONS] = { "/dispositions", &sql_dispositions_show_stmt, &sql_dispositions_set_stmt },
    [LIST_RULES] = { "/rules", &sql_lead_rules_show_stmt, &sql_lead_rules_set_stmt },
    [LIST_PRICES] = { "/prices", &sql_prices_show_stmt, &sql_prices_set_stmt },
};

/* What the database's checks refuse, said of the member; their words name what is inside. */
static enum err checked(struct req *rq, enum err e, const char *member)
{
    if (e != ERR_INVALID && e != ERR_CONFLICT) return e;
    ctx_forgive(rq->ctx);
    return field_fault(rq->ctx, ERR_INVALID, member, "value", "has a value or a row that cannot be, or one twice");
}

/* GET /api/v1/dispositions, lead-rules, prices -> 200 */
enum err lists_show(struct req *rq, struct res *rs)
{
    struct sql_prices_show list;
    TRY(db_run(rq->ctx, lists[rq->route->arg].show, NULL, &list));
    return res_json(rs, 200, list.doc);
}

/* PUT /api/v1/dispositions, lead-rules, prices If-Match? -> 200: the list as it is then, in a second round trip.
 * 412: it is another one by now. */
enum err lists_set(struct req *rq, struct res *rs)
{
    const struct list       *l = &lists[rq->route->arg];
    const bool               any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_prices_set    done;
    struct sql_prices_set_in in = { .doc = field_print(rq->ctx, rq->json, rq->route->in, rq->in),
                                    .etag = any ? NULL : rq->if_match,
                                    .actor = auth_actor(rq),
                                    .origin = rq->remote };
    TRY(checked(rq, db_run(rq->ctx, l->set, &in, &done), l->member));
    if (!done.noted) return ctx_fail(rq->ctx, ERR_STALE, "the list has been changed meanwhile");
    return lists_show(rq, rs);
}

/* GET /api/v1/conversions, budgets ?limit&cursor&count -> 200 {"data":[...],"next_cursor"} */
enum err money_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, rq->route->arg == MONEY_BUDGETS ? &sql_budgets_page_stmt : &sql_conversions_page_stmt);
}

/* POST /api/v1/conversions {call_id | call_sid, value, currency, ...} -> 201. An external_id that is known replaces. */
enum err conversions_add(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    const char                   *doc = field_print(cx, rq->json, rq->route->in, rq->in);
    struct sql_conversions_add    done;
    struct sql_conversions_add_in in = { .rows = arena_printf(cx->arena, "[%s]", doc),
                                         .actor = auth_actor(rq),
                                         .origin = rq->remote };
    TRY(checked(rq, sql_conversions_add(cx, &in, &done), "/happened_at"));
    if (done.doc == NULL) return field_fault(cx, ERR_INVALID, "/call_id", "reference", "is unknown");
    return res_json(rs, 201, done.doc);
}

static enum err imported(struct req *rq, struct res *rs, int64_t n, const char *missing)
{
    struct buf b = buf_new(rq->ctx->arena, REPLY_MAX);
    buf_printf(&b, "{\"imported\":%lld,\"unknown_rows\":%s}", (long long)n, missing);
    return b.full ? ctx_fail(rq->ctx, ERR_TOO_LARGE, "too many rows are unknown") : res_json(rs, 200, b.at);
}

/* PUT /api/v1/imports/conversions (text/csv with the members of POST /api/v1/conversions as columns) -> 200
 * {"imported", "unknown_rows"} */
enum err conversions_import(struct req *rq, struct res *rs)
{
    struct sql_conversions_add    done;
    struct sql_conversions_add_in in = { .actor = auth_actor(rq), .origin = rq->remote };
    TRY(sheet_read(rq->ctx, rq->body.at, rq->body.n, TABLE_ROWS, &in.rows));
    TRY(checked(rq, sql_conversions_add(rq->ctx, &in, &done), "/rows"));
    return imported(rq, rs, done.added, done.missing);
}

/* PUT /api/v1/imports/costs (text/csv: campaign or campaign_id, day or month, amount, currency), and
 * POST /api/v1/marketing-costs {rows: the same} -> 200 {"imported": days, "unknown_rows"} */
enum err marketing_set(struct req *rq, struct res *rs)
{
    const struct money_body    *body = rq->in;
    struct sql_marketing_set    done;
    struct sql_marketing_set_in in = { .actor = auth_actor(rq), .origin = rq->remote };
    if (body != NULL) in.rows = body->rows;
    else TRY(sheet_read(rq->ctx, rq->body.at, rq->body.n, TABLE_ROWS, &in.rows));
    TRY(checked(rq, sql_marketing_set(rq->ctx, &in, &done), "/rows"));
    return imported(rq, rs, done.days, done.missing);
}

/* POST /api/v1/budgets {client_id? | campaign_id?, amount, currency} -> 201 */
enum err budgets_add(struct req *rq, struct res *rs)
{
    struct ctx                 *cx = rq->ctx;
    struct sql_budget_create    made;
    struct sql_budget_create_in in = { .doc = field_print(cx, rq->json, rq->route->in, rq->in),
                                       .actor = auth_actor(rq),
                                       .origin = rq->remote };
    TRY(checked(rq, sql_budget_create(cx, &in, &made), "/amount"));
    if (made.doc != NULL) return res_json(rs, 201, made.doc);
    return field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/%s", made.verdict), "reference", "is unknown");
}

/* DELETE /api/v1/budgets/{id} -> 204 */
enum err budgets_remove(struct req *rq, struct res *rs)
{
    struct sql_budget_remove_in in = { .id = rq->param[0], .actor = auth_actor(rq), .origin = rq->remote };
    struct sql_budget_remove    gone = { NULL };
    if (check_uuid(rq->param[0])) TRY(sql_budget_remove(rq->ctx, &in, &gone));
    if (gone.id == NULL) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such budget");
    rs->status = 204;
    return OK;
}

/* GET /api/v1/views -> 200: one's own and the shared ones */
enum err views_list(struct req *rq, struct res *rs)
{
    struct sql_views_list list;
    TRY(sql_views_list(rq->ctx, &(const struct sql_views_list_in){ rq->user }, &list));
    return res_json(rs, 200, list.doc);
}

/* POST /api/v1/views {name, query?, columns?, shared?} -> 201 */
enum err views_add(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    struct sql_view_create    made;
    struct sql_view_create_in in = { .who = rq->user,
                                     .doc = field_print(cx, rq->json, rq->route->in, rq->in),
                                     .actor = auth_actor(rq),
                                     .origin = rq->remote };
    TRY(checked(rq, sql_view_create(cx, &in, &made), "/columns"));
    return res_json(rs, 201, made.doc);
}

/* DELETE /api/v1/views/{id} -> 204. Somebody else's and none are the same 404. */
enum err views_remove(struct req *rq, struct res *rs)
{
    struct sql_view_remove_in in = { rq->param[0], rq->user, strcmp(rq->role, "admin") == 0, auth_actor(rq),
                                     rq->remote };
    struct sql_view_remove    gone = { NULL };
    if (check_uuid(rq->param[0])) TRY(sql_view_remove(rq->ctx, &in, &gone));
    if (gone.id == NULL) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such view");
    rs->status = 204;
    return OK;
}
