/* The sweep's work, as a tenant's admins see it. */
#include "handlers.h"

#include "auth.h"
#include "sql.h"

struct again_jobs {
    const char *kind, *reason, *id;
};

#define AT(member) offsetof(struct again_jobs, member)

/* clang-format off */
static const struct field rows[] = {
    { "kind",   FIELD_TEXT, AT(kind),   false, 1, 40, NULL },
    { "reason", FIELD_TEXT, AT(reason), false, 1, 41, NULL },
    { "id",     FIELD_UUID, AT(id),     false, 0, 0, NULL },
};
/* clang-format on */
const struct fields again_jobs_in = FIELDS(rows, struct again_jobs);

/* GET /api/v1/sweep -> 200 */
enum err queue_show(struct req *rq, struct res *rs)
{
    struct sql_sweep_show row;
    TRY(sql_sweep_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* GET /api/v1/jobs ?limit&cursor&count -> 200 {"data":[...],"next_cursor"} */
enum err queue_jobs(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_jobs_page_stmt);
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
