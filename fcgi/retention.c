/* How long audio, text and metadata of calls stay, what would go, and what went. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "sql.h"

#include <string.h>

enum { CLIENTS_MAX = 500, DAYS_MAX = 36500, AHEAD = 30, AHEAD_MAX = 3650 };

struct retention {
    const int64_t *audio_days, *text_days, *metadata_days;
    const char    *clients;
};
struct preview_args {
    const int64_t *days, *audio_days, *text_days, *metadata_days;
    const char    *client_id;
};

#define AT(member) offsetof(struct retention, member)
#define OF(member) offsetof(struct preview_args, member)

/* clang-format off */
static const struct field rows[] = {
    { "audio_days",    FIELD_INT, AT(audio_days),    false, 1, DAYS_MAX, NULL },
    { "text_days",     FIELD_INT, AT(text_days),     false, 1, DAYS_MAX, NULL },
    { "metadata_days", FIELD_INT, AT(metadata_days), false, 1, DAYS_MAX, NULL },
    { "clients",       FIELD_RAW, AT(clients),       false, 0, 0, NULL },
};
static const struct field preview_rows[] = {
    { "days",          FIELD_INT,  OF(days),          false, 0, AHEAD_MAX, NULL },
    { "client_id",     FIELD_UUID, OF(client_id),     false, 0, 0, NULL },
    { "audio_days",    FIELD_INT,  OF(audio_days),    false, 0, DAYS_MAX, NULL },
    { "text_days",     FIELD_INT,  OF(text_days),     false, 0, DAYS_MAX, NULL },
    { "metadata_days", FIELD_INT,  OF(metadata_days), false, 0, DAYS_MAX, NULL },
};
/* What is thought of: the query without how far it looks. */
static const struct fields thought = { .v = preview_rows + 1,
                                       .n = sizeof preview_rows / sizeof *preview_rows - 1,
                                       .size = sizeof(struct preview_args) };
/* clang-format on */
const struct fields retention_patch = FIELDS_PARTIAL(rows, struct retention);
const struct fields preview_query = FIELDS(preview_rows, struct preview_args);

/* One of {client_id, audio_days?, text_days?, metadata_days?}: what is wrong with it, NULL: nothing. */
static const char *wrong(const struct json *e)
{
    static const char *const names[] = { "audio_days", "text_days", "metadata_days" };
    const char              *id = json_text(json_get(e, "client_id"));
    size_t                   n = 0;
    if (json_type(e) != JSON_OBJECT || id == NULL || !check_uuid(id)) return "client_id: expected the id of a client";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct json *v = json_get(e, names[i]);
        int64_t            days;
        n += v != NULL;
        if (v == NULL || json_type(v) == JSON_NULL) continue;
        if (!json_int(v, 1, DAYS_MAX, &days)) return "expected days from 1 to 36500, or null";
    }
    if (n == 0) return "expected days of something";
    return json_count(e) == n + 1 ? NULL : "expected client_id, audio_days, text_days and metadata_days alone";
}

static enum err clients(struct req *rq)
{
    struct ctx        *cx = rq->ctx;
    const struct json *list = json_get(rq->json, "clients");
    size_t             i = 0;
    if (json_count(list) > CLIENTS_MAX) return field_fault(cx, ERR_INVALID, "/clients", "range", "is too long");
    for (const struct json *e = json_first(list); e != NULL; e = json_next(e), i++) {
        const char *why = wrong(e);
        if (why != NULL) (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/clients/%zu", i), "type", why);
    }
    return cx->err.code;
}

/* GET /api/v1/settings/retention -> 200 */
enum err retention_show(struct req *rq, struct res *rs)
{
    struct sql_retention_show row;
    TRY(sql_retention_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* PATCH /api/v1/settings/retention If-Match? -> 200: absent members stay, null keeps for ever; clients replaces what
 * clients have otherwise. */
enum err retention_change(struct req *rq, struct res *rs)
{
    struct ctx                    *cx = rq->ctx;
    const bool                     any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_retention_change    done;
    struct sql_retention_change_in change = { .patch = field_print(cx, rq->json, rq->route->in, rq->in),
                                              .etag = any ? NULL : rq->if_match,
                                              .actor = auth_actor(rq),
                                              .origin = rq->remote };
    TRY(clients(rq));
    TRY(sql_retention_change(cx, &change, &done));
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "they have been changed meanwhile");
    if (strcmp(done.verdict, "done") == 0) return res_json(rs, 200, done.doc);
    return field_fault(cx, ERR_INVALID, "/clients", "reference", "a client_id is unknown");
}

/* GET /api/v1/retention-preview ?days&client_id&audio_days&text_days&metadata_days -> 200: what the next night takes,
 * and what all nights until so many days later; as it is set, or would be with these days (0: for ever). */
enum err retention_preview(struct req *rq, struct res *rs)
{
    const struct preview_args      *args = rq->args;
    struct sql_retention_preview    row;
    struct sql_retention_preview_in in = { .days = args->days == NULL ? AHEAD : *args->days,
                                           .wanted = field_print(rq->ctx, NULL, &thought, args) };
    TRY(sql_retention_preview(rq->ctx, &in, &row));
    if (row.known) return res_json(rs, 200, row.doc);
    return field_fault(rq->ctx, ERR_INVALID, "?client_id", "reference", "is unknown");
}

/* GET /api/v1/retention-runs ?limit&cursor&count -> 200 */
enum err retention_runs(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_retention_runs_page_stmt);
}

/* GET /api/v1/retention-runs/{id} -> 200 */
enum err retention_run_show(struct req *rq, struct res *rs)
{
    struct sql_retention_run_load row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_retention_run_load(rq->ctx, &(const struct sql_retention_run_load_in){ rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such run");
}

/* POST /api/v1/retention-runs -> 202: the sweep does what this night would. 409: a run is under way. */
enum err retention_ask(struct req *rq, struct res *rs)
{
    struct sql_retention_ask          row = { .doc = NULL };
    const struct sql_retention_ask_in in = { auth_actor(rq), rq->remote };
    TRY(sql_retention_ask(rq->ctx, &in, &row));
    return row.doc != NULL ? res_json(rs, 202, row.doc) : ctx_fail(rq->ctx, ERR_CONFLICT, "a run is under way");
}
