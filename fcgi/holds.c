/* Legal holds: what may not be deleted, by whom, since when, and why. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "sql.h"

enum { REASON_MAX = 500 };

struct hold_body {
    const char *reason;
};

static const struct field rows[] = {
    { "reason", FIELD_TEXT, offsetof(struct hold_body, reason), true, 1, REASON_MAX, NULL },
};
const struct fields hold_in = FIELDS(rows, struct hold_body);

/* By the route's arg. */
static const char *const kinds[] = { [HOLD_CALL] = "call", [HOLD_CONTACT] = "contact", [HOLD_CLIENT] = "client" };

_Static_assert(sizeof(struct sql_holds_page_in) == sizeof(struct sql_contacts_page_in)
                   && sizeof(struct sql_holds_page) == sizeof(struct sql_contacts_page),
               "a list of another shape");

/* GET /api/v1/holds ?limit&cursor&count -> 200, lifted ones included */
enum err holds_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_holds_page_stmt);
}

/* PUT /api/v1/{calls,contacts,clients}/{id}/hold {reason} -> 200: what stands already stays as it is. */
enum err holds_place(struct req *rq, struct res *rs)
{
    const struct hold_body        *body = rq->in;
    const char                    *kind = kinds[rq->route->arg];
    struct sql_hold_place          row = { .doc = NULL };
    const struct sql_hold_place_in in = { kind, rq->param[0], body->reason, auth_actor(rq), rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_hold_place(rq->ctx, &in, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such %s", kind);
}

/* DELETE /api/v1/{calls,contacts,clients}/{id}/hold -> 204. 404: none stands there. */
enum err holds_lift(struct req *rq, struct res *rs)
{
    const char                   *kind = kinds[rq->route->arg];
    struct sql_hold_lift          row = { .lifted = false };
    const struct sql_hold_lift_in in = { kind, rq->param[0], auth_actor(rq), rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_hold_lift(rq->ctx, &in, &row));
    if (!row.lifted) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no hold stands on that %s", kind);
    *rs = (struct res){ .status = 204 };
    return OK;
}
