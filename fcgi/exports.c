/* The call log as one file, of any length: read in parts by key, written part by part, nothing kept. */
#include "calllog.h"
#include "clock.h"
#include "handlers.h"
#include "sheet.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { PART = 1000, PART_CAP = 32 << 20, PART_MS = 20 * 1000, EXPORT_MAX_MS = 3600 * 1000 };

/* One file under way. cx: the request's, with memory that is forgotten after each part. */
struct download {
    struct req  *rq;
    struct ctx   cx;
    struct sink *to;
    const char  *filter;
    bool         excel, began, more;
    size_t       rows;
    int64_t      us;
    char         id[37];
};

/* A part: writes what follows us and id, moves them on, and says whether there may be more. */
typedef enum err part_fn(struct download *, struct buf *);

/* The columns of a table in order, and what may stand in them: text that people or the outside typed is made harmless
 * for spreadsheets, numbers of telephones are kept as they are. */
#define COLUMN(name, kind)                                          \
    {                                                               \
#name, offsetof(struct sql_calls_cells, name), SHEET_##kind \
    }
static const struct {
    const char     *name;
    unsigned short  off;
    enum sheet_cell kind;
} columns[] = {
    COLUMN(id, PLAIN),
    COLUMN(twilio_call_sid, PLAIN),
    COLUMN(created_at, PLAIN),
    COLUMN(direction, PLAIN),
    COLUMN(status, PLAIN),
    COLUMN(outcome, PLAIN),
    COLUMN(missed_reason, PLAIN),
    COLUMN(from_number, PHONE),
    COLUMN(to_number, PHONE),
    COLUMN(customer_number, PHONE),
    COLUMN(country, PLAIN),
    COLUMN(place, FREE),
    COLUMN(number, PHONE),
    COLUMN(client, FREE),
    COLUMN(campaign, FREE),
    COLUMN(source, FREE),
    COLUMN(agent, FREE),
    COLUMN(wait_seconds, PLAIN),
    COLUMN(ring_seconds, PLAIN),
    COLUMN(talk_seconds, PLAIN),
    COLUMN(duration_seconds, PLAIN),
    COLUMN(disposition, FREE),
    COLUMN(lead_status, PLAIN),
    COLUMN(tags, FREE),
    COLUMN(notes, FREE),
    COLUMN(value, PLAIN),
    COLUMN(value_currency, PLAIN),
    COLUMN(price, PLAIN),
    COLUMN(price_unit, PLAIN),
    COLUMN(recording_url, PLAIN),
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void move_on(struct download *x, int64_t us, const char *id)
{
    x->us = us;
    memcpy(x->id, id, sizeof x->id);
}

/* A cell as it is meant, not as it is stored. */
static const char *open_cell(struct download *x, const void *at)
{
    const char *text = *(const char *const *)at;
    return text == NULL ? NULL : veil_open(&x->cx, x->cx.veil, text);
}

/* Behind a part of n rows, the last of them at us and id: moves on, and says whether there may be more. A short part
 * may have ended with a call that fits no filter. */
static enum err follow(struct download *x, size_t n, int64_t us, const char *id)
{
    const struct sql_calls_stop_in in = { .filter = x->filter,
                                          .at = x->id[0] == '\0' ? NULL : &x->us,
                                          .after = x->id[0] == '\0' ? NULL : x->id };
    struct sql_calls_stop          stop = { .us = &us, .id = id };
    if (n < PART) TRY(sql_calls_stop(&x->cx, &in, &stop));
    x->more = stop.id != NULL;
    if (x->more) move_on(x, *stop.us, stop.id);
    return OK;
}

static enum err part_csv(struct download *x, struct buf *b)
{
    const struct sql_calls_cells_in in = { .filter = x->filter,
                                           .at = x->id[0] == '\0' ? NULL : &x->us,
                                           .after = x->id[0] == '\0' ? NULL : x->id,
                                           .max = PART };
    struct db_rows                  rows;
    TRY(sql_calls_cells(&x->cx, &in, &rows));
    const struct sql_calls_cells *v = rows.v;
    for (size_t c = 0; c < COLUMNS && !x->began; c++)
        sheet_cell(b, columns[c].name, SHEET_PLAIN, false, c == COLUMNS - 1);
    for (size_t i = 0; i < rows.n; i++)
        for (size_t c = 0; c < COLUMNS; c++)
            sheet_cell(b, open_cell(x, (const char *)&v[i] + columns[c].off), columns[c].kind, x->excel,
                       c == COLUMNS - 1);
    return follow(x, rows.n, rows.n == 0 ? 0 : v[rows.n - 1].us, rows.n == 0 ? NULL : v[rows.n - 1].id);
}

static enum err part_json(struct download *x, struct buf *b)
{
    const struct sql_calls_docs_in in = { .filter = x->filter,
                                          .at = x->id[0] == '\0' ? NULL : &x->us,
                                          .after = x->id[0] == '\0' ? NULL : x->id,
                                          .max = PART };
    struct db_rows                 rows;
    TRY(sql_calls_docs(&x->cx, &in, &rows));
    const struct sql_calls_docs *v = rows.v;
    if (!x->began) buf_str(b, "{\"data\":[");
    for (size_t i = 0; i < rows.n; i++) {
        if (x->rows++ > 0) buf_str(b, ",\n");
        buf_str(b, veil_json_open(&x->cx, x->cx.veil, v[i].doc));
    }
    TRY(follow(x, rows.n, rows.n == 0 ? 0 : v[rows.n - 1].us, rows.n == 0 ? NULL : v[rows.n - 1].id));
    if (!x->more) buf_str(b, "],\"next_cursor\":null}\n");
    return OK;
}

/* Part after part until the log is through. The worker's parent is told that it lives; one file has its own end of
 * patience.
 */
static enum err run(struct download *x, part_fn *part)
{
    const int64_t until = clock_ms() + EXPORT_MAX_MS;
    enum err      e = OK;
    while (x->more && e == OK) {
        struct buf b = buf_new(x->cx.arena, PART_CAP / 2);
        atomic_store(x->rq->beat, clock_ms());
        x->cx.deadline_ms = clock_ms() + PART_MS;
        e = clock_ms() < until ? part(x, &b) : ctx_fail(&x->cx, ERR_TIMEOUT, "the export takes too long");
        if (e == OK && b.full)
            e = ctx_fail(&x->cx, ERR_INTERNAL, "a part of the export is over %d bytes", PART_CAP / 2);
        if (e == OK && b.len > 0 && !sink_put(x->to, b.at, b.len)) break; /* the reader has gone */
        x->began = true;
        arena_reset(x->cx.arena);
    }
    return e;
}

static enum err download(struct req *rq, struct sink *to, part_fn *part)
{
    const struct call_args *a = rq->args;
    const char             *filter;
    TRY(calllog_filter(rq->ctx, &calls_export_query, a, &filter));
    struct arena *own = arena_new(PART_CAP);
    if (own == NULL) return ctx_fail(rq->ctx, ERR_UNAVAILABLE, "no memory for an export");
    struct download x = { .rq = rq, .cx = *rq->ctx, .to = to, .filter = filter, .more = true };
    x.excel = a->dialect != NULL && strcmp(a->dialect, "excel") == 0;
    x.cx.arena = own;
    enum err e = run(&x, part);
    if (e != OK) (void)ctx_fail(rq->ctx, e, "%s", x.cx.err.msg);
    arena_free(own);
    return e;
}

static enum err stream_csv(struct req *rq, struct sink *to)
{
    return download(rq, to, part_csv);
}

static enum err stream_json(struct req *rq, struct sink *to)
{
    return download(rq, to, part_json);
}

/* GET /api/v1/exports/calls.csv|.json ?filters&dialect -> 200, newest first
 * CSV is RFC 4180 in UTF-8. */
enum err exports_calls(struct req *rq, struct res *rs)
{
    const bool  csv = rq->route->arg == EXPORT_CSV;
    const char *filter;
    TRY(calllog_filter(rq->ctx, &calls_export_query, rq->args, &filter)); /* what is wrong is said before the file */
    rs->status = 200;
    rs->type = csv ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8";
    rs->stream = csv ? stream_csv : stream_json;
    return res_header(rq->ctx, rs, "Content-Disposition",
                      csv ? "attachment; filename=\"calls.csv\"" : "attachment; filename=\"calls.json\"");
}
