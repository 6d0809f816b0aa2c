/* The call log as one file, of any length: read in parts by key, written part by part, nothing kept. */
#include "calllog.h"
#include "clock.h"
#include "handlers.h"
#include "sheet.h"
#include "sql.h"
#include "veil.h"

#include <stdio.h>
#include <string.h>

enum { PART = 1000, PART_CAP = 32 << 20, PART_MS = 20 * 1000, EXPORT_MAX_MS = 3600 * 1000 };

/* A part of the log, read by a statement of its own: the calls behind the one at us and id; without, the newest. */
struct part {
    struct ctx     cx; /* the request's, with memory of its own */
    struct db_call call;
    struct db_rows rows;
    int64_t        us;
    char           id[37];
    const int64_t *at; /* us, and after: id; NULL: the newest */
    const char    *after;
    union {
        struct sql_calls_cells_in cells;
        struct sql_calls_docs_in  docs;
    } in;
};

struct download;

/* What a file is made of: how a part is asked for, and how its calls are written. */
struct format {
    void (*ask)(const struct download *, struct part *);
    void (*write)(struct download *, struct part *, struct buf *);
    void (*head)(struct buf *);
    const char *end;
};

/* One file under way. A part is read while the one before is written; none is open while the reader is waited for. */
struct download {
    const struct format *format;
    struct part          part[2];
    const char          *filter;
    bool                 excel;
    size_t               rows; /* written so far */
    int64_t              until_ms;
};

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

/* A cell as it is meant, not as it is stored. */
static const char *open_cell(struct ctx *cx, const void *at)
{
    const char *text = *(const char *const *)at;
    return text == NULL ? NULL : veil_open(cx, cx->veil, text);
}

static void ask_csv(const struct download *x, struct part *p)
{
    p->in.cells = (struct sql_calls_cells_in){ x->filter, p->at, p->after, PART };
    p->call = (struct db_call){ &sql_calls_cells_stmt, &p->in.cells, 1, &p->rows };
}

static void head_csv(struct buf *b)
{
    for (size_t c = 0; c < COLUMNS; c++) sheet_cell(b, columns[c].name, SHEET_PLAIN, false, c == COLUMNS - 1);
}

static void write_csv(struct download *x, struct part *p, struct buf *b)
{
    const struct sql_calls_cells *v = p->rows.v;
    for (size_t i = 0; i < p->rows.n; i++)
        for (size_t c = 0; c < COLUMNS; c++)
            sheet_cell(b, open_cell(&p->cx, (const char *)&v[i] + columns[c].off), columns[c].kind, x->excel,
                       c == COLUMNS - 1);
}

static void ask_json(const struct download *x, struct part *p)
{
    p->in.docs = (struct sql_calls_docs_in){ x->filter, p->at, p->after, PART };
    p->call = (struct db_call){ &sql_calls_docs_stmt, &p->in.docs, 1, &p->rows };
}

static void head_json(struct buf *b)
{
    buf_str(b, "{\"data\":[");
}

static void write_json(struct download *x, struct part *p, struct buf *b)
{
    const struct sql_calls_docs *v = p->rows.v;
    for (size_t i = 0; i < p->rows.n; i++) {
        if (x->rows + i > 0) buf_str(b, ",\n");
        buf_str(b, veil_json_open(&p->cx, p->cx.veil, v[i].doc));
    }
}

static const struct format as_csv = { ask_csv, write_csv, head_csv, "" };
static const struct format as_json = { ask_json, write_json, head_json, "],\"next_cursor\":null}\n" };

/* Asks for the calls behind one, or for the newest, without waiting for them. */
static void ask(const struct download *x, struct part *p, const int64_t *us, const char *id)
{
    if (id != NULL) {
        p->us = *us;
        (void)snprintf(p->id, sizeof p->id, "%s", id);
    }
    p->at = id == NULL ? NULL : &p->us;
    p->after = id == NULL ? NULL : p->id;
    p->cx.deadline_ms = clock_ms() + PART_MS;
    x->format->ask(x, p);
    db_send(&p->cx, &p->call, 1);
}

/* Asks for what is behind p; *next is NULL where the log ends. A short part may have ended with a call that fits no
 * filter. Both statements have us and id as their first columns. */
static enum err follow(const struct download *x, struct part *p, struct part **next)
{
    const struct db_stmt *s = p->call.stmt;
    struct sql_calls_stop stop;
    if (p->rows.n == PART) {
        const char *last = (const char *)p->rows.v + (PART - 1) * (size_t)s->row_size;
        ask(x, *next, (const int64_t *)(const void *)(last + s->out[0].off),
            *(const char *const *)(const void *)(last + s->out[1].off));
        return OK;
    }
    TRY(sql_calls_stop(&p->cx, &(const struct sql_calls_stop_in){ x->filter, p->at, p->after }, &stop));
    if (stop.id == NULL) *next = NULL;
    else ask(x, *next, stop.us, stop.id);
    return OK;
}

/* Writes p while the server reads what is behind it. What is behind it has come, whole, when this returns. */
static enum err step(struct download *x, struct part *p, struct part **next, struct buf *b)
{
    if (clock_ms() >= x->until_ms) return ctx_fail(&p->cx, ERR_TIMEOUT, "the export takes too long");
    TRY(follow(x, p, next));
    x->format->write(x, p, b);
    x->rows += p->rows.n;
    if (*next == NULL) buf_str(b, x->format->end);
    else if (db_wait(&(*next)->cx) != OK) return ctx_fail(&p->cx, (*next)->cx.err.code, "%s", (*next)->cx.err.msg);
    if (b->full) return ctx_fail(&p->cx, ERR_INTERNAL, "a part of the export is over %d bytes", PART_CAP / 2);
    return OK;
}

/* Part after part until the log is through, or the reader has gone. The worker's parent is told that it lives. */
static enum err run(struct req *rq, struct sink *to, struct download *x)
{
    struct part *p = &x->part[0], *next;
    ask(x, p, NULL, NULL);
    enum err e = db_wait(&p->cx);
    if (e != OK) (void)ctx_fail(rq->ctx, e, "%s", p->cx.err.msg);
    for (; e == OK && p != NULL; p = next) {
        struct buf b = buf_new(p->cx.arena, PART_CAP / 2);
        atomic_store(rq->beat, clock_ms());
        next = p == x->part ? x->part + 1 : x->part;
        if (p->after == NULL) x->format->head(&b);
        e = step(x, p, &next, &b);
        if (e != OK) (void)ctx_fail(rq->ctx, e, "%s", p->cx.err.msg);
        else if (b.len > 0 && !sink_put(to, b.at, b.len)) break;
        arena_reset(p->cx.arena);
    }
    return e;
}

static enum err download(struct req *rq, struct sink *to, const struct format *format)
{
    const struct call_args *a = rq->args;
    struct download         x = { .format = format, .until_ms = clock_ms() + EXPORT_MAX_MS };
    TRY(calllog_filter(rq->ctx, &calls_export_query, a, &x.filter));
    x.excel = a->dialect != NULL && strcmp(a->dialect, "excel") == 0;
    struct arena *own[2] = { arena_new(PART_CAP), arena_new(PART_CAP) };
    enum err e = own[0] != NULL && own[1] != NULL ? OK : ctx_fail(rq->ctx, ERR_UNAVAILABLE, "no memory for an export");
    for (size_t i = 0; i < 2; i++) {
        x.part[i].cx = *rq->ctx;
        x.part[i].cx.arena = own[i];
    }
    if (e == OK) e = run(rq, to, &x);
    for (size_t i = 0; i < 2; i++) arena_free(own[i]);
    return e;
}

static enum err stream_csv(struct req *rq, struct sink *to)
{
    return download(rq, to, &as_csv);
}

static enum err stream_json(struct req *rq, struct sink *to)
{
    return download(rq, to, &as_json);
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
