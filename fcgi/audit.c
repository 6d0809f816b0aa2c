/* The audit, as the tenant's admins read it. */
#include "handlers.h"

#include "check.h"
#include "sql.h"

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 19, NAME_BYTES = 200, TIME_MAX = 40 };

struct audit_args {
    const int64_t *limit;
    const char    *cursor, *actor, *action, *object, *from, *to;
};

#define AT(member) offsetof(struct audit_args, member)

/* clang-format off */
static const struct field rows[] = {
    { "limit",  FIELD_INT,  AT(limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT, AT(cursor), false, 1, CURSOR_MAX, NULL },
    { "actor",  FIELD_TEXT, AT(actor),  false, 1, NAME_BYTES, NULL },
    { "action", FIELD_TEXT, AT(action), false, 1, NAME_BYTES, NULL },
    { "object", FIELD_TEXT, AT(object), false, 1, NAME_BYTES, NULL },
    { "from",   FIELD_TEXT, AT(from),   false, 1, TIME_MAX, NULL },
    { "to",     FIELD_TEXT, AT(to),     false, 1, TIME_MAX, NULL },
};
/* clang-format on */
const struct fields audit_query = FIELDS(rows, struct audit_args);

static enum err time_of(struct ctx *cx, const char *name, const char *text)
{
    if (text == NULL || check_time(text)) return OK;
    return field_fault(cx, ERR_INVALID, name, "time", "expected RFC 3339, such as 2026-11-20T10:57:24Z");
}

/* GET /api/v1/audit ?limit&cursor&actor&action&object&from&to -> 200 {"data":[...],"next_cursor"}, newest first.
 * Its cursor is the number of an entry in the tenant's chain, which never changes. */
enum err audit_list(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct audit_args *args = rq->args;
    struct sql_audit_page    page;
    int64_t                  before;
    struct sql_audit_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                    .actor = args->actor,
                                    .action = args->action,
                                    .object = args->object,
                                    .since = args->from,
                                    .until = args->to };
    if (args->cursor != NULL && !check_int(args->cursor, 1, INT64_MAX / 2, &before))
        (void)field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    else if (args->cursor != NULL) in.before = &before;
    (void)time_of(cx, "?from", args->from);
    (void)time_of(cx, "?to", args->to);
    if (cx->err.code != OK) return cx->err.code;
    TRY(sql_audit_page(cx, &in, &page));
    return res_json(rs, 200, page.doc);
}
