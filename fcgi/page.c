/* Lists by cursor. */
#include "page.h"

#include "buf.h"
#include "check.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, PART_MAX = 100, LINK_MAX = 8192 };

/* clang-format off */
static const struct field rows[] = {
    { "limit",  FIELD_INT,  offsetof(struct page_args, limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT, offsetof(struct page_args, cursor), false, 1, CURSOR_MAX, NULL },
    { "count",  FIELD_BOOL, offsetof(struct page_args, count),  false, 0, 0, NULL },
};
static const struct field search_rows[] = {
    { "limit",  FIELD_INT,   offsetof(struct page_args, limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT,  offsetof(struct page_args, cursor), false, 1, CURSOR_MAX, NULL },
    { "count",  FIELD_BOOL,  offsetof(struct page_args, count),  false, 0, 0, NULL },
    { "number", FIELD_PHONE, offsetof(struct page_args, number), false, 0, 0, NULL },
    { "q",      FIELD_TEXT,  offsetof(struct page_args, part),   false, 1, PART_MAX, NULL },
};
static const struct field part_rows[] = {
    { "limit",  FIELD_INT,  offsetof(struct page_args, limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT, offsetof(struct page_args, cursor), false, 1, CURSOR_MAX, NULL },
    { "count",  FIELD_BOOL, offsetof(struct page_args, count),  false, 0, 0, NULL },
    { "q",      FIELD_TEXT, offsetof(struct page_args, part),   false, 1, PART_MAX, NULL },
};
/* clang-format on */
const struct fields page_query = FIELDS(rows, struct page_args);
const struct fields search_query = FIELDS(search_rows, struct page_args);
const struct fields part_query = FIELDS(part_rows, struct page_args);

bool page_cursor(struct arena *a, const char *text, int64_t *number, const char **id)
{
    const char *dot = strchr(text, '.');
    if (dot == NULL || !check_int(arena_copy(a, text, (size_t)(dot - text)), 0, INT64_MAX / 2, number)) return false;
    *id = dot + 1;
    return check_uuid(dot + 1);
}

static const char *text_of(struct arena *a, const struct field *f, const void *v)
{
    if (f->type == FIELD_BOOL) return *(const bool *)v ? "true" : "false";
    if (f->type == FIELD_INT) return arena_printf(a, "%lld", (long long)*(const int64_t *)v);
    return v;
}

enum err page_link(struct req *rq, struct res *rs, const struct fields *query, const char *next)
{
    struct ctx *cx = rq->ctx;
    struct buf  b = buf_new(cx->arena, LINK_MAX);
    if (next == NULL) return OK;
    buf_printf(&b, "<%s?cursor=%s", rq->path, next);
    for (size_t i = 0; i < query->n; i++) {
        const struct field *f = &query->v[i];
        const void         *v = *(const void *const *)(const void *)((const char *)rq->args + f->off);
        if (v == NULL || strcmp(f->name, "cursor") == 0) continue;
        buf_printf(&b, "&%s=", f->name);
        buf_urlencode(&b, text_of(cx->arena, f, v));
    }
    buf_str(&b, ">; rel=\"next\"");
    return b.full ? OK : res_header(cx, rs, "Link", b.at);
}

/* The address of the page that follows: RFC 8288. */
static enum err link_next(struct req *rq, struct res *rs, const struct sql_contacts_search_in *in, const char *next)
{
    const struct page_args *args = rq->args;
    struct buf              b = buf_new(rq->ctx->arena, LINK_MAX);
    if (next == NULL) return OK;
    buf_printf(&b, "<%s?limit=%lld&cursor=%s%s", rq->path, (long long)in->max, next, in->count ? "&count=true" : "");
    if (in->number != NULL) buf_str(&b, args->number != NULL ? "&number=" : "&q=");
    if (in->number != NULL) buf_urlencode(&b, in->number);
    buf_str(&b, ">; rel=\"next\"");
    return res_header(rq->ctx, rs, "Link", b.at);
}

/* Every list's statement takes and gives the same; a search takes two more. */
#define SAME(noun)                                                                              \
    _Static_assert(sizeof(struct sql_##noun##_page_in) == sizeof(struct sql_contacts_page_in)   \
                       && sizeof(struct sql_##noun##_page) == sizeof(struct sql_contacts_page), \
                   "a list of another shape")
SAME(conversions);
SAME(budgets);
SAME(clients);
SAME(campaigns);
SAME(numbers);
_Static_assert(offsetof(struct sql_contacts_search_in, count) == offsetof(struct sql_contacts_page_in, count),
               "a search of another shape");
_Static_assert(offsetof(struct sql_contacts_find_in, part) == offsetof(struct sql_contacts_search_in, number)
                   && sizeof(struct sql_contacts_find_in) == sizeof(struct sql_contacts_search_in),
               "a search of another shape");
#define SOUGHT(noun)                                                                       \
    _Static_assert(sizeof(struct sql_##noun##_in) == sizeof(struct sql_contacts_search_in) \
                       && sizeof(struct sql_##noun) == sizeof(struct sql_contacts_search), \
                   "a search of another shape")
SOUGHT(clients_find);
SOUGHT(campaigns_find);
SOUGHT(numbers_find);
SOUGHT(colleagues_find);
SAME(colleagues);
SAME(dnc_lists);
SAME(keywords);
SAME(endpoints);
SAME(rules);
SAME(alerts);
SAME(schedules);
SAME(disclosures);
SAME(reports);
SAME(retention_runs);

/* The statement that a question is answered by, and what it looks for. */
static const struct db_stmt *sought(struct req *rq, const struct page_search *by, struct sql_contacts_search_in *in)
{
    struct ctx             *cx = rq->ctx;
    const struct page_args *args = rq->args;
    if (by == NULL) return NULL;
    if (by->number != NULL && args->number != NULL) {
        in->number = args->number;
        in->token = veil_token(cx, cx->veil, VEIL_NUMBER, args->number);
        return by->number;
    }
    if (by->part == NULL || args->part == NULL) return NULL;
    in->number = args->part;
    return by->part;
}

enum err page_search(struct req *rq, struct res *rs, const struct db_stmt *list, const struct page_search *by)
{
    struct ctx                   *cx = rq->ctx;
    const struct page_args       *args = rq->args;
    struct sql_contacts_search_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                         .count = args->count != NULL && *args->count };
    struct sql_contacts_page      page;
    int64_t                       us;
    if (by != NULL && args->number != NULL && args->part != NULL)
        return field_fault(cx, ERR_INVALID, "?q", "both", "either a number or a part of a name");
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    const struct db_stmt *search = sought(rq, by, &in);
    TRY(db_run(cx, search != NULL ? search : list, &in, &page));
    TRY(res_json(rs, 200, page.doc));
    return link_next(rq, rs, &in, page.next);
}

enum err page_send(struct req *rq, struct res *rs, const struct db_stmt *stmt)
{
    return page_search(rq, rs, stmt, NULL);
}
