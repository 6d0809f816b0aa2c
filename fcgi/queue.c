/* The sweep's work, as a tenant's admins see it. */
#include "handlers.h"

#include "auth.h"
#include "sql.h"

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, KIND_MAX = 40 };

struct again_jobs {
    const char *kind, *reason, *id;
};

struct jobs_args {
    const int64_t *limit;
    const char    *cursor;
    const bool    *count;
    const char    *kind, *state;
};

#define AT(member) offsetof(struct again_jobs, member)
#define OF(member) offsetof(struct jobs_args, member)

/* clang-format off */
static const struct field rows[] = {
    { "kind",   FIELD_TEXT, AT(kind),   false, 1, KIND_MAX, NULL },
    { "reason", FIELD_TEXT, AT(reason), false, 1, 41, NULL },
    { "id",     FIELD_UUID, AT(id),     false, 0, 0, NULL },
};
static const struct field query_rows[] = {
    { "limit",  FIELD_INT,  OF(limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT, OF(cursor), false, 1, CURSOR_MAX, NULL },
    { "count",  FIELD_BOOL, OF(count),  false, 0, 0, NULL },
    { "kind",   FIELD_TEXT, OF(kind),   false, 1, KIND_MAX, NULL },
    { "state",  FIELD_WORD, OF(state),  false, 0, 0, " waiting running parked dead " },
};
/* clang-format on */
const struct fields again_jobs_in = FIELDS(rows, struct again_jobs);
const struct fields jobs_query = FIELDS(query_rows, struct jobs_args);

/* GET /api/v1/sweep -> 200 */
enum err queue_show(struct req *rq, struct res *rs)
{
    struct sql_sweep_show row;
    TRY(sql_sweep_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* GET /api/v1/jobs ?limit&cursor&count&kind&state -> 200 {"data":[...],"next_cursor"} */
enum err queue_jobs(struct req *rq, struct res *rs)
{
    struct ctx             *cx = rq->ctx;
    const struct jobs_args *args = rq->args;
    struct sql_jobs_page    page;
    int64_t                 us;
    struct sql_jobs_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                   .count = args->count != NULL && *args->count,
                                   .kind = args->kind,
                                   .state = args->state };
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(sql_jobs_page(cx, &in, &page));
    TRY(page_link(rq, rs, &jobs_query, page.next));
    return res_json(rs, 200, page.doc);
}

/* POST /api/v1/sweep/requeue {kind?, reason?, id?} -> 200 {"requeued"} */
enum err queue_again(struct req *rq, struct res *rs)
{
    const struct again_jobs        *in = rq->in;
    const struct sql_sweep_again_in ask = {
        .kind = in->kind, .reason = in->reason, .id = in->id, .actor = auth_actor(rq), .origin = rq->remote
    };
    struct sql_sweep_again row;
    TRY(sql_sweep_again(rq->ctx, &ask, &row));
    return res_json(rs, 200, row.doc);
}
