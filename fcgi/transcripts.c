/* Texts of recordings: found by their words, read, and made once more. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "config.h"
#include "sql.h"
#include "transcript.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, QUERY_MAX = 200, MODEL_MAX = 200, COST_MAX = 13, ITEMS_MAX = 100 };

struct find_args {
    const int64_t *limit;
    const char    *cursor, *q;
    const bool    *count;
};

struct estimate_args {
    const char *model;
};

struct tick {
    const int64_t *item;
    const bool    *done;
};

struct again {
    const char *model, *language, *max_cost;
};

#define AT(member) offsetof(struct find_args, member)
#define OF(member) offsetof(struct again, member)

/* clang-format off */
static const struct field find_rows[] = {
    { "limit",  FIELD_INT,  AT(limit),  false, 1, PAGE_MAX, NULL },
    { "cursor", FIELD_TEXT, AT(cursor), false, 1, CURSOR_MAX, NULL },
    { "count",  FIELD_BOOL, AT(count),  false, 0, 0, NULL },
    { "q",      FIELD_TEXT, AT(q),      false, 1, QUERY_MAX, NULL },
};
static const struct field estimate_rows[] = {
    { "model", FIELD_TEXT, offsetof(struct estimate_args, model), false, 1, MODEL_MAX, NULL },
};
static const struct field again_rows[] = {
    { "model",    FIELD_TEXT, OF(model),    false, 1, MODEL_MAX, NULL },
    { "language", FIELD_TEXT, OF(language), false, 2, 4, NULL },
    { "max_cost", FIELD_TEXT, OF(max_cost), false, 1, COST_MAX, NULL },
};
static const struct field tick_rows[] = {
    { "item", FIELD_INT,  offsetof(struct tick, item), true, 0, ITEMS_MAX - 1, NULL },
    { "done", FIELD_BOOL, offsetof(struct tick, done), true, 0, 0, NULL },
};
/* clang-format on */
const struct fields transcripts_query = FIELDS(find_rows, struct find_args);
const struct fields estimate_query = FIELDS(estimate_rows, struct estimate_args);
const struct fields tick_in = FIELDS(tick_rows, struct tick);
const struct fields again_in = FIELDS(again_rows, struct again);

static const char *encoded(struct arena *a, const char *text)
{
    struct buf b = buf_new(a, (size_t)3 * QUERY_MAX + 1);
    buf_urlencode(&b, text);
    return b.at;
}

static enum err link_next(struct req *rq, struct res *rs, const struct sql_transcripts_find_in *in, const char *next)
{
    struct arena *a = rq->ctx->arena;
    if (next == NULL) return OK;
    return res_header(rq->ctx, rs, "Link",
                      arena_printf(a, "<%s?limit=%lld&cursor=%s%s%s%s>; rel=\"next\"", rq->path, (long long)in->max,
                                   next, in->count ? "&count=true" : "",
                                   in->q == NULL ? "" : "&q=", in->q == NULL ? "" : encoded(a, in->q)));
}

/* GET /api/v1/transcripts ?limit&cursor&count&q -> 200 {"data":[...],"next_cursor"}. q is what a person types into a
 * search engine: words, "a phrase", or, -not. Hits come as pieces of text, not as markup. */
enum err transcripts_find(struct req *rq, struct res *rs)
{
    struct ctx                    *cx = rq->ctx;
    const struct find_args        *args = rq->args;
    struct sql_transcripts_find    page;
    struct sql_transcripts_find_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                          .count = args->count != NULL && *args->count,
                                          .q = args->q };
    int64_t                        us;
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    if (in.q != NULL) in.tokens = transcript_tokens(cx, in.q);
    TRY(sql_transcripts_find(cx, &in, &page));
    TRY(res_json(rs, 200, page.doc));
    return link_next(rq, rs, &in, page.next);
}

static enum err found(struct req *rq, struct res *rs, const char *doc, const char *what)
{
    return doc != NULL ? res_json(rs, 200, doc) : ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such %s", what);
}

/* GET /api/v1/transcripts/{id} -> 200 */
enum err transcripts_show(struct req *rq, struct res *rs)
{
    struct sql_transcript_show row = { 0 };
    if (check_uuid(rq->param[0]))
        TRY(sql_transcript_show(rq->ctx, &(const struct sql_transcript_show_in){ rq->param[0] }, &row));
    return found(rq, rs, row.doc, "transcript");
}

/* GET /api/v1/recordings/{id}/transcripts -> 200 */
enum err transcripts_of(struct req *rq, struct res *rs)
{
    struct sql_recording_transcripts row = { 0 };
    if (check_uuid(rq->param[0]))
        TRY(sql_recording_transcripts(rq->ctx, &(const struct sql_recording_transcripts_in){ rq->param[0] }, &row));
    return found(rq, rs, row.doc, "recording");
}

/* GET /api/v1/recordings/{id}/estimate ?model -> 200; without a price for the model cost is null. */
enum err transcripts_estimate(struct req *rq, struct res *rs)
{
    const struct estimate_args             *args = rq->args;
    struct sql_transcript_estimate          row = { 0 };
    const char                             *model = args->model != NULL ? args->model : rq->ctx->cfg->transcribe_model;
    const struct sql_transcript_estimate_in in = { rq->param[0], model };
    if (check_uuid(rq->param[0])) TRY(sql_transcript_estimate(rq->ctx, &in, &row));
    return found(rq, rs, row.doc, "recording");
}

static bool is_language(const char *s)
{
    const size_t n = strlen(s);
    return strcmp(s, "auto") == 0 || (n >= 2 && n <= 3 && strspn(s, "abcdefghijklmnopqrstuvwxyz") == n);
}

static bool is_amount(const char *s)
{
    const size_t whole = strspn(s, "0123456789"), part = s[whole] == '.' ? strspn(s + whole + 1, "0123456789") : 0;
    return whole >= 1 && whole <= 7 && strlen(s) == whole + (part > 0 ? part + 1 : 0);
}

static enum err verdict(struct req *rq, struct res *rs, const struct sql_transcript_again *row)
{
    struct ctx *cx = rq->ctx;
    const char *why = row->verdict;
    if (why == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such recording");
    if (strcmp(why, "made") == 0) return res_json(rs, 202, row->doc);
    if (strcmp(why, "audio") == 0) return ctx_fail(cx, ERR_CONFLICT, "no audio of this recording is kept here");
    if (strcmp(why, "running") == 0) return ctx_fail(cx, ERR_CONFLICT, "it is being transcribed already");
    if (strcmp(why, "cost") == 0) return ctx_fail(cx, ERR_SPEND_CAP, "it would cost more than max_cost");
    return ctx_fail(cx, ERR_SPEND_CAP, "the minutes of this month do not suffice");
}

/* POST /api/v1/recordings/{id}/transcripts {model?, language?, max_cost?} -> 202: a run that the sweep makes. 403: it
 * would cost more than max_cost, or the month's minutes; 409: no audio, or a run is under way. */
enum err transcripts_again(struct req *rq, struct res *rs)
{
    struct ctx                          *cx = rq->ctx;
    const struct again                  *in = rq->in;
    struct sql_transcription_lock        lock;
    struct sql_transcript_again          row = { 0 };
    const struct sql_transcript_again_in ask = { .id = rq->param[0],
                                                 .model = in->model != NULL ? in->model : cx->cfg->transcribe_model,
                                                 .language = in->language,
                                                 .most = in->max_cost,
                                                 .actor = auth_actor(rq),
                                                 .origin = rq->remote };
    const struct db_call                 calls[] = { { &sql_transcription_lock_stmt, NULL, 1, &lock },
                                                     { &sql_transcript_again_stmt, &ask, 1, &row } };
    if (in->language != NULL && !is_language(in->language))
        (void)field_fault(cx, ERR_INVALID, "/language", "type", "expected ISO 639-1, such as en, or auto");
    if (in->max_cost != NULL && !is_amount(in->max_cost))
        (void)field_fault(cx, ERR_INVALID, "/max_cost", "type", "expected an amount such as 0.50");
    if (cx->err.code != OK) return cx->err.code;
    if (check_uuid(rq->param[0])) TRY(db_all(cx, calls, 2));
    return verdict(rq, rs, &row);
}

/* PUT /api/v1/transcripts/{id}/action-items {item, done} -> 200: whoever asks has done it, or has not after all. */
enum err transcripts_tick(struct req *rq, struct res *rs)
{
    const struct tick                  *t = rq->in;
    struct sql_transcript_tick          row = { 0 };
    const struct sql_transcript_tick_in in = { rq->param[0], *t->item, *t->done, auth_actor(rq), rq->remote };
    if (check_uuid(rq->param[0])) TRY(sql_transcript_tick(rq->ctx, &in, &row));
    if (row.verdict != NULL && strcmp(row.verdict, "item") == 0)
        return field_fault(rq->ctx, ERR_INVALID, "/item", "reference", "the analysis has no such action item");
    return found(rq, rs, row.doc, "analysis");
}
