/* Do-not-call lists: their numbers. The lists themselves are nouns. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "csv.h"
#include "dnc.h"
#include "erasure.h"
#include "phone.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, REASON_MAX = 500, REPORT_MAX = 64 * 1024 };

struct entry {
    const char *number, *reason;
};

struct search {
    const int64_t *limit;
    const char    *cursor, *number;
};

/* clang-format off */
static const struct field entry_rows[] = {
    { "number", FIELD_PHONE, offsetof(struct entry, number), false, 0, 0, NULL },
    { "reason", FIELD_TEXT,  offsetof(struct entry, reason), false, 1, REASON_MAX, NULL },
};
static const struct field search_rows[] = {
    { "limit",  FIELD_INT,   offsetof(struct search, limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT,  offsetof(struct search, cursor), false, 1, CURSOR_MAX, NULL },
    { "number", FIELD_PHONE, offsetof(struct search, number), false, 0, 0, NULL },
};
/* clang-format on */
const struct fields dnc_entry_in = FIELDS(entry_rows, struct entry);
const struct fields dnc_query = FIELDS(search_rows, struct search);

/* NOT_FOUND where the path names a list and the tenant has no such one. */
static enum err list_known(struct req *rq)
{
    struct sql_dnc_list_load    list = { .doc = NULL };
    struct sql_dnc_list_load_in in = { rq->param[0] };
    if (in.id == NULL) return OK;
    if (check_uuid(in.id)) TRY(sql_dnc_list_load(rq->ctx, &in, &list));
    return list.doc != NULL ? OK : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such do-not-call list");
}

/* DELETE /api/v1/dnc-lists/{id} -> 204 */
enum err dnc_remove(struct req *rq, struct res *rs)
{
    struct sql_dnc_list_remove    done = { .removed = false };
    struct sql_dnc_list_remove_in in = { rq->param[0], auth_actor(rq), rq->remote };
    if (check_uuid(in.id)) TRY(sql_dnc_list_remove(rq->ctx, &in, &done));
    if (!done.removed) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such do-not-call list");
    *rs = (struct res){ .status = 204 };
    return OK;
}

/* GET /api/v1/dnc-entries, /api/v1/dnc-lists/{id}/entries ?number&limit&cursor -> 200 {"data":[...],"next_cursor"}
 * Two round trips for one list, whose absence is not the same as nothing on it. */
enum err dnc_entries(struct req *rq, struct res *rs)
{
    struct ctx                    *cx = rq->ctx;
    const struct search           *args = rq->args;
    struct sql_dnc_entries_page    page;
    int64_t                        us;
    struct sql_dnc_entries_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                          .list_id = rq->param[0],
                                          .number = args->number,
                                          .token = veil_token(cx, cx->veil, VEIL_NUMBER, args->number),
                                          .marks = erasure_marks(cx, cx->tenant, args->number) };
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(list_known(rq));
    TRY(sql_dnc_entries_page(cx, &in, &page));
    return res_json(rs, 200, page.doc);
}

/* POST /api/v1/dnc-lists/{id}/entries {number, reason?} -> 201 entry, also where it was there */
enum err dnc_add(struct req *rq, struct res *rs)
{
    struct ctx           *cx = rq->ctx;
    const struct entry   *in = rq->in;
    struct sql_dnc_add    done;
    struct dnc_numbers    number;
    struct sql_dnc_add_in add = { .list_id = rq->param[0], .actor = auth_actor(rq), .origin = rq->remote };
    TRY(list_known(rq));
    if (in->number == NULL) return field_fault(cx, ERR_INVALID, "/number", "missing", "is missing");
    TRY(dnc_keep(cx, in->number, &number));
    add.numbers = number.kept;
    add.others = number.others;
    add.reason = veil_seal(cx, cx->veil, VEIL_TEXT, in->reason);
    TRY(sql_dnc_add(cx, &add, &done));
    if (done.doc == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such do-not-call list");
    return res_json(rs, 201, done.doc);
}

/* DELETE /api/v1/dnc-lists/{id}/entries/{+number} -> 204 */
enum err dnc_forget(struct req *rq, struct res *rs)
{
    struct sql_dnc_remove    done = { .removed = false };
    struct sql_dnc_remove_in in = { .list_id = rq->param[0],
                                    .number = rq->param[1],
                                    .token = veil_token(rq->ctx, rq->ctx->veil, VEIL_NUMBER, rq->param[1]),
                                    .marks = erasure_marks(rq->ctx, rq->ctx->tenant, rq->param[1]),
                                    .actor = auth_actor(rq),
                                    .origin = rq->remote };
    if (check_uuid(in.list_id) && check_e164(in.number)) TRY(sql_dnc_remove(rq->ctx, &in, &done));
    if (!done.removed) return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such number on that list");
    *rs = (struct res){ .status = 204 };
    return OK;
}

static enum err report(struct req *rq, struct res *rs, const struct csv_numbers *all, int64_t added)
{
    struct buf b = buf_new(rq->ctx->arena, REPORT_MAX);
    buf_printf(&b, "{\"rows\":%zu,\"added\":%lld,\"known\":%lld,\"bad\":%zu,\"errors\":[", all->good + all->bad,
               (long long)added, (long long)all->good - (long long)added, all->bad);
    for (size_t i = 0; i < all->bad && i < CSV_FAULTS_MAX; i++) {
        buf_printf(&b, "%s{\"line\":%zu,\"detail\":", i > 0 ? "," : "", all->faults[i].line);
        buf_json(&b, all->faults[i].detail);
        buf_str(&b, "}");
    }
    buf_str(&b, "]}\n");
    return res_json(rs, 200, b.at);
}

/* PUT /api/v1/dnc-lists/{id}/import text/csv -> 200 {rows, added, known, bad, errors: [{line, detail}]}
 * Good rows are added whatever the others are; a number twice counts as known. National numbers are those of the
 * tenant's country. */
enum err dnc_import(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    struct sql_settings_show settings;
    struct sql_dnc_add       done;
    struct dnc_numbers       numbers;
    struct csv_numbers      *all = arena_alloc(cx->arena, sizeof *all);
    const struct json       *doc;
    TRY(list_known(rq));
    if (strncmp(rq->content_type, "text/csv", 8) != 0)
        return ctx_fail(cx, ERR_MALFORMED, "content type: expected text/csv");
    TRY(sql_settings_show(cx, &settings));
    TRY(json_parse(cx, settings.doc, strlen(settings.doc), REPORT_MAX, &doc));
    csv_numbers(cx, rq->body.at, rq->body.n, json_text(json_get(doc, "country")), all);
    TRY(dnc_keep(cx, all->numbers, &numbers));
    struct sql_dnc_add_in in = { .list_id = rq->param[0],
                                 .numbers = numbers.kept,
                                 .others = numbers.others,
                                 .reason = veil_seal(cx, cx->veil, VEIL_TEXT, "import"),
                                 .actor = auth_actor(rq),
                                 .origin = rq->remote };
    TRY(sql_dnc_add(cx, &in, &done));
    return report(rq, rs, all, done.added);
}
