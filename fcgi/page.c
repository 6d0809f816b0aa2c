/* Lists by cursor. */
#include "page.h"

#include "check.h"
#include "sql.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60 };

/* clang-format off */
static const struct field rows[] = {
    { "limit",  FIELD_INT,  offsetof(struct page_args, limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT, offsetof(struct page_args, cursor), false, 1, CURSOR_MAX, NULL },
    { "count",  FIELD_BOOL, offsetof(struct page_args, count),  false, 0, 0, NULL },
};
/* clang-format on */
const struct fields page_query = FIELDS(rows, struct page_args);

bool page_cursor(struct arena *a, const char *text, int64_t *number, const char **id)
{
    const char *dot = strchr(text, '.');
    if (dot == NULL || !check_int(arena_copy(a, text, (size_t)(dot - text)), 0, INT64_MAX / 2, number)) return false;
    *id = dot + 1;
    return check_uuid(dot + 1);
}

/* The address of the page that follows: RFC 8288. */
static enum err link_next(struct req *rq, struct res *rs, int64_t limit, bool count, const char *next)
{
    if (next == NULL) return OK;
    return res_header(rq->ctx, rs, "Link",
                      arena_printf(rq->ctx->arena, "<%s?limit=%lld&cursor=%s%s>; rel=\"next\"", rq->path,
                                   (long long)limit, next, count ? "&count=true" : ""));
}

/* Every list's statement takes and gives the same. */
#define SAME(noun)                                                                              \
    _Static_assert(sizeof(struct sql_##noun##_page_in) == sizeof(struct sql_contacts_page_in)   \
                       && sizeof(struct sql_##noun##_page) == sizeof(struct sql_contacts_page), \
                   "a list of another shape")
SAME(conversions);
SAME(budgets);
SAME(clients);
SAME(campaigns);
SAME(numbers);
SAME(endpoints);
SAME(rules);
SAME(alerts);
SAME(schedules);
SAME(reports);

enum err page_send(struct req *rq, struct res *rs, const struct db_stmt *stmt)
{
    struct ctx                 *cx = rq->ctx;
    const struct page_args     *args = rq->args;
    struct sql_contacts_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                       .count = args->count != NULL && *args->count };
    struct sql_contacts_page    page;
    int64_t                     us;
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(db_run(cx, stmt, &in, &page));
    TRY(res_json(rs, 200, page.doc));
    return link_next(rq, rs, in.max, in.count, page.next);
}
