/* What happened, for pages and programs that ask every two seconds. */
#include "handlers.h"

#include "sql.h"

enum { FEED_PAGE = 100, FEED_MAX = 100, CURSOR_MAX = 60 };

struct feed_args {
    const int64_t *limit;
    const char    *after;
};

/* clang-format off */
static const struct field rows[] = {
    { "limit", FIELD_INT,  offsetof(struct feed_args, limit), false, 1, FEED_MAX, NULL },
    { "after", FIELD_TEXT, offsetof(struct feed_args, after), false, 1, CURSOR_MAX, NULL },
};
/* clang-format on */
const struct fields feed_query = FIELDS(rows, struct feed_args);

/* GET /api/v1/events ?after=cursor&limit -> 200 {"data":[...],"next_cursor"} | 304 nothing new
 * Without after: no events, and the cursor from which on to ask. next_cursor is never null, for a feed has no end. */
enum err feed_show(struct req *rq, struct res *rs)
{
    struct ctx               *cx = rq->ctx;
    const struct feed_args   *args = rq->args;
    struct sql_events_page_in in = { .max = args->limit == NULL ? FEED_PAGE : *args->limit };
    struct sql_events_page    page;
    int64_t                   xid;
    if (args->after != NULL) {
        in.after_xid = &xid;
        if (!page_cursor(cx->arena, args->after, &xid, &in.after_id))
            return field_fault(cx, ERR_INVALID, "?after", "cursor", "take the next_cursor of the answer before");
    }
    TRY(sql_events_page(cx, &in, &page));
    if (args->after == NULL || page.fresh) return res_json(rs, 200, page.doc);
    *rs = (struct res){ .status = 304 };
    return OK;
}
