/* Erasures: a person is forgotten, by number or contact; the sweep does it, and the proof names nobody. */
#include "erasures.h"

#include "auth.h"
#include "check.h"
#include "erasure.h"
#include "handlers.h"
#include "id.h"
#include "page.h"
#include "seal.h"
#include "sql.h"
#include "veil.h"

struct wish {
    const char *number, *contact_id;
};

static const struct field rows[] = {
    { "number", FIELD_PHONE, offsetof(struct wish, number), false, 0, 0, NULL },
    { "contact_id", FIELD_UUID, offsetof(struct wish, contact_id), false, 0, 0, NULL },
};
const struct fields erasure_in = FIELDS(rows, struct wish);

_Static_assert(sizeof(struct sql_erasures_page_in) == sizeof(struct sql_contacts_page_in)
                   && sizeof(struct sql_erasures_page) == sizeof(struct sql_contacts_page),
               "a list of another shape");

/* Whose data it is about: number NULL for a contact without one. CONFLICT: the tenant's own. */
static enum err who(struct req *rq, const char **number)
{
    struct ctx            *cx = rq->ctx;
    const struct wish     *in = rq->in;
    struct sql_erasure_own own = { .owner = NULL };
    if ((in->number == NULL) == (in->contact_id == NULL))
        return field_fault(cx, ERR_INVALID, "/number", "one", "expected number or contact_id, and not both");
    *number = in->number;
    if (in->contact_id != NULL) {
        bool known = false;
        TRY(erasure_contact(cx, in->contact_id, &known, number));
        if (!known) return ctx_fail(cx, ERR_NOT_FOUND, "no such contact");
    }
    if (*number != NULL) TRY(sql_erasure_own(cx, &(const struct sql_erasure_own_in){ *number }, &own));
    return own.owner == NULL ? OK : ctx_fail(cx, ERR_CONFLICT, "the number is %s", own.owner);
}

/* POST /api/v1/erasures {number or contact_id} -> 201 and Location. 409: the number is one of the tenant's own. */
enum err erasures_add(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    const struct wish        *wish = rq->in;
    struct sql_erasure_add    made;
    char                      id[CTX_ID];
    const char               *number;
    struct sql_erasure_add_in in = {
        .id = id, .contact_id = wish->contact_id, .actor = auth_actor(rq), .origin = rq->remote
    };
    TRY(who(rq, &number));
    id_uuid7(id);
    TRY(erasure_seal(cx, id, number, &in.mark, &in.subject));
    TRY(sql_erasure_add(cx, &in, &made));
    TRY(res_json(rs, 201, made.doc));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/erasures/%s", id));
}

/* POST /api/v1/erasure-previews {number or contact_id} -> 200: what would go and what a hold would keep; nothing is
 * done. A POST, so that no log of addresses has the number. */
enum err erasures_preview(struct req *rq, struct res *rs)
{
    const struct wish         *wish = rq->in;
    const char                *number;
    struct sql_erasure_preview row;
    TRY(who(rq, &number));
    const struct subject                s = erasure_subject(rq->ctx, number);
    const struct sql_erasure_preview_in in = { s.numbers, wish->contact_id, s.words };
    TRY(sql_erasure_preview(rq->ctx, &in, &row));
    return res_json(rs, 200, row.doc);
}

/* GET /api/v1/erasures ?limit&cursor&count -> 200 {"data":[...],"next_cursor"} */
enum err erasures_list(struct req *rq, struct res *rs)
{
    return page_send(rq, rs, &sql_erasures_page_stmt);
}

/* GET /api/v1/erasures/{id} -> 200: how it stands, or the proof. */
enum err erasures_show(struct req *rq, struct res *rs)
{
    struct sql_erasure_show row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_erasure_show(rq->ctx, &(const struct sql_erasure_show_in){ rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such erasure");
}
