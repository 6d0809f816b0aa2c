/* Between C structs and PostgreSQL's wire: parameters, arrays, rows, error codes. */
#include "db_wire.h"

#include <arpa/inet.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

struct params {
    const char *v[DB_PARAMS_MAX];
    int         len[DB_PARAMS_MAX], binary[DB_PARAMS_MAX];
};

/* One value as bytes. at NULL: null. */
struct cell {
    const void *at;
    size_t      n;
    int64_t     number; /* where at points for numbers */
    char        flag;
};

static const char *put_int(char *to, int32_t v)
{
    uint32_t be = htonl((uint32_t)v);
    memcpy(to, &be, sizeof be);
    return to;
}

/* The value of a column in its binary form. */
static void cell_of(const struct db_col *c, const char *row, struct cell *out)
{
    const char *at = row + c->off;
    *out = (struct cell){ .at = NULL };
    if (c->type == DB_TEXT) {
        out->at = *(const char *const *)(const void *)at;
        out->n = out->at == NULL ? 0 : strlen(out->at);
        return;
    }
    if (c->type == DB_BYTES) {
        const struct db_bytes *b = (const void *)at;
        out->at = b->at;
        out->n = b->n;
        return;
    }
    const void *v = c->null ? *(const void *const *)(const void *)at : at;
    if (v == NULL) return;
    if (c->type == DB_BOOL) out->flag = *(const bool *)v ? 1 : 0;
    else out->number = (int64_t)htobe64((uint64_t) * (const int64_t *)v);
    out->at = c->type == DB_BOOL ? (const void *)&out->flag : (const void *)&out->number;
    out->n = c->type == DB_BOOL ? 1 : sizeof out->number;
}

/* A column of n rows as a one-dimensional array in binary form: dimensions, has-null flag, element type, length, lower
 * bound, then each element with its length. https://www.postgresql.org/docs/15/protocol-overview.html and array_send()
 */
static const char *array_of(struct arena *a, const struct db_stmt *s, const struct db_col *c, const char *rows,
                            size_t n, int *len)
{
    static const int32_t oids[] = { [DB_TEXT] = 25, [DB_INT] = 20, [DB_BOOL] = 16, [DB_BYTES] = 17 };
    struct cell         *cells = arena_alloc(a, n * sizeof *cells);
    size_t               size = 20;
    bool                 nulls = false;
    for (size_t i = 0; i < n; i++) {
        cell_of(c, rows + i * s->in_size, &cells[i]);
        size += 4 + cells[i].n;
        nulls = nulls || cells[i].at == NULL;
    }
    char         *out = arena_alloc(a, size), *at = out + 20;
    const int32_t head[] = { 1, nulls, oids[c->type], (int32_t)n, 1 };
    for (size_t i = 0; i < 5; i++) (void)put_int(out + 4 * i, head[i]);
    for (size_t i = 0; i < n; i++) {
        (void)put_int(at, cells[i].at == NULL ? -1 : (int32_t)cells[i].n);
        if (cells[i].n > 0) memcpy(at + 4, cells[i].at, cells[i].n);
        at += 4 + cells[i].n;
    }
    *len = (int)size;
    return out;
}

static const char *param(struct arena *a, const struct db_col *c, const char *in, int *len, int *binary)
{
    const char *at = in + c->off;
    *len = *binary = 0;
    if (c->type == DB_TEXT) return *(const char *const *)(const void *)at;
    if (c->type == DB_BYTES) {
        const struct db_bytes *b = (const void *)at;
        *len = (int)b->n;
        *binary = 1;
        return b->at;
    }
    const void *v = c->null ? *(const void *const *)(const void *)at : at;
    if (v == NULL) return NULL;
    if (c->type == DB_BOOL) return *(const bool *)v ? "t" : "f";
    return arena_printf(a, "%lld", (long long)*(const int64_t *)v);
}

bool db_wire_ask(struct ctx *cx, PGconn *conn, const struct db_call *call)
{
    const struct db_stmt *s = call->stmt;
    struct params        *p = arena_alloc(cx->arena, sizeof *p);
    for (int i = 0; i < s->nin; i++) {
        if (s->shape == DB_BATCH) {
            p->binary[i] = 1;
            p->v[i] = array_of(cx->arena, s, &s->in[i], call->in, call->n, &p->len[i]);
        } else {
            p->v[i] = param(cx->arena, &s->in[i], call->in, &p->len[i], &p->binary[i]);
        }
    }
    return PQsendQueryPrepared(conn, s->name, s->nin, p->v, p->len, p->binary, 0) == 1;
}

static struct db_bytes bytes_of(struct arena *a, const char *text)
{
    size_t          n = 0;
    unsigned char  *raw = text == NULL ? NULL : PQunescapeBytea((const unsigned char *)text, &n);
    struct db_bytes b = { raw == NULL ? NULL : arena_copy(a, (const char *)raw, n), n };
    PQfreemem(raw);
    return b;
}

static enum err column(struct ctx *cx, const struct db_stmt *s, const struct db_col *c, const char *text, char *at)
{
    if (text == NULL && !c->null) return ctx_fail(cx, ERR_INTERNAL, "%s: %s is null", s->name, c->name);
    if (c->type == DB_TEXT) {
        *(const char **)(void *)at = text == NULL ? NULL : arena_strdup(cx->arena, text);
        return OK;
    }
    if (c->type == DB_BYTES) {
        *(struct db_bytes *)(void *)at = bytes_of(cx->arena, text);
        return OK;
    }
    int64_t i = text == NULL || c->type == DB_BOOL ? 0 : strtoll(text, NULL, 10);
    bool    b = text != NULL && text[0] == 't';
    size_t  n = c->type == DB_INT ? sizeof i : sizeof b;
    void   *v = c->type == DB_INT ? (void *)&i : (void *)&b;
    if (c->null) *(void **)(void *)at = text == NULL ? NULL : memcpy(arena_alloc(cx->arena, n), v, n);
    else memcpy(at, v, n);
    return OK;
}

enum err db_wire_take(struct ctx *cx, const struct db_call *call, const PGresult *r)
{
    const struct db_stmt *s = call->stmt;
    int                   n = r == NULL ? 0 : PQntuples(r);
    if (s->nout == 0 || call->out == NULL) return OK;
    if (s->shape == DB_ONE && n == 0) return ctx_fail(cx, ERR_NOT_FOUND, "%s: no such row", s->name);
    if (s->shape == DB_BATCH && (size_t)n != call->n)
        return ctx_fail(cx, ERR_INTERNAL, "%s: %d rows for %zu elements", s->name, n, call->n);
    if ((s->shape == DB_ONE || s->shape == DB_MAYBE) && n > 1) n = 1;
    char *rows = arena_alloc(cx->arena, (size_t)(n > 0 ? n : 1) * s->row_size);
    for (int row = 0; row < n; row++)
        for (int i = 0; i < s->nout; i++)
            TRY(column(cx, s, &s->out[i], PQgetisnull(r, row, i) ? NULL : PQgetvalue(r, row, i),
                       rows + (size_t)row * s->row_size + s->out[i].off));
    if (s->shape == DB_MANY) *(struct db_rows *)call->out = (struct db_rows){ (size_t)n, rows };
    else
        memcpy(call->out, rows,
               s->row_size * (s->shape == DB_BATCH ? call->n : 1)); /* DB_MAYBE without a row: all zero */
    return OK;
}

/* https://www.postgresql.org/docs/15/errcodes-appendix.html; a prefix stands for its class. */
enum err db_wire_refused(struct ctx *cx, const char *name, const PGresult *r)
{
    static const struct {
        const char *state;
        enum err    err;
    } map[] = {
        { "23505", ERR_CONFLICT },     { "23", ERR_INVALID },         { "22", ERR_INVALID },
        { "57014", ERR_TIMEOUT },      { "55P03", ERR_TIMEOUT },      { "40", ERR_UNAVAILABLE },
        { "57P", ERR_UNAVAILABLE },    { "08", ERR_UNAVAILABLE },     { "53", ERR_UNAVAILABLE },
        { "0A000", ERR_UNAVAILABLE }, /* a migration changed the type of a prepared statement */
        { "26000", ERR_UNAVAILABLE },  { "25006", ERR_UNAVAILABLE }, /* read-only: a standby */
        { "42P01", ERR_NOT_MIGRATED }, { "42703", ERR_NOT_MIGRATED }, { "42883", ERR_NOT_MIGRATED },
    };
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE), *why = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    enum err    e = state == NULL ? ERR_UNAVAILABLE : ERR_INTERNAL; /* no state: libpq lost the server */
    for (size_t i = 0; state != NULL && e == ERR_INTERNAL && i < sizeof map / sizeof *map; i++)
        if (strncmp(state, map[i].state, strlen(map[i].state)) == 0) e = map[i].err;
    return ctx_fail(cx, e, "%s: %s %s", name, state == NULL ? "-" : state, why == NULL ? "connection lost" : why);
}

bool db_wire_described(struct ctx *cx, const struct db_stmt *s, const PGresult *r)
{
    bool same = PQnparams(r) == s->nin && PQnfields(r) == s->nout;
    for (int i = 0; same && i < s->nout; i++) same = strcmp(PQfname(r, i), s->out[i].name) == 0;
    if (!same) (void)ctx_fail(cx, ERR_INTERNAL, "%s: its columns are not what its annotation says", s->name);
    return same;
}
