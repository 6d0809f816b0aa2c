/* What commands print. */
#include "out.h"

#include "buf.h"
#include "json.h"

#include <string.h>

enum { OUT_MAX = 1 << 20 };

static void object(struct buf *b, const char *const *columns, size_t width, const char *const *cells)
{
    buf_str(b, "{");
    for (size_t i = 0; i < width; i++) {
        if (i > 0) buf_str(b, ",");
        buf_json(b, columns[i]);
        buf_str(b, ":");
        buf_json(b, cells[i]);
    }
    buf_str(b, "}");
}

static int widest(const char *const *columns, size_t width, const char *const *cells, size_t n, size_t at)
{
    size_t w = strlen(columns[at]);
    for (size_t row = 0; row < n; row++) {
        const char *cell = cells[row * width + at];
        if (cell != NULL && strlen(cell) > w) w = strlen(cell);
    }
    return (int)w;
}

static void table(const char *const *columns, size_t width, const char *const *cells, size_t n)
{
    for (size_t row = 0; row <= n; row++) {
        for (size_t i = 0; i < width; i++) {
            const char *cell = row == 0 ? columns[i] : cells[(row - 1) * width + i];
            const int   w = i + 1 < width ? widest(columns, width, cells, n, i) + 2 : 0;
            (void)printf("%-*s", w, cell == NULL ? "-" : cell);
        }
        (void)putchar('\n');
    }
}

void out_rows(struct cli *c, const char *const *columns, size_t width, const char *const *cells, size_t n)
{
    struct buf b = buf_new(c->cx.arena, OUT_MAX);
    if (!c->json) {
        table(columns, width, cells, n);
        return;
    }
    buf_str(&b, "[");
    for (size_t row = 0; row < n; row++) {
        if (row > 0) buf_str(&b, ",");
        object(&b, columns, width, cells + row * width);
    }
    buf_str(&b, "]");
    (void)puts(b.at);
}

void out_one(struct cli *c, const char *const *columns, size_t width, const char *const *cells)
{
    struct buf b = buf_new(c->cx.arena, OUT_MAX);
    const int  w = widest(columns, width, columns, 1, 0);
    if (c->json) {
        object(&b, columns, width, cells);
        (void)puts(b.at);
        return;
    }
    for (size_t i = 0; i < width; i++)
        if (cells[i] != NULL) (void)printf("%-*s  %s\n", w > 12 ? w : 12, columns[i], cells[i]);
}

static const char *cell_of(struct ctx *cx, const struct json *row, const char *name)
{
    const struct json *v = json_get(row, name);
    if (v == NULL || json_type(v) == JSON_NULL) return NULL;
    return json_type(v) == JSON_STRING ? json_text(v) : json_print(cx, v);
}

enum err out_doc(struct cli *c, const char *const *columns, size_t width, const char *doc)
{
    struct ctx        *cx = &c->cx;
    const struct json *all;
    TRY(json_parse(cx, doc, strlen(doc), OUT_MAX, &all));
    const struct json *list = json_get(all, "data");
    const size_t       n = list == NULL ? 1 : json_count(list);
    const char       **cells = arena_alloc(cx->arena, (n + 1) * width * sizeof *cells);
    const struct json *row = list == NULL ? all : json_first(list);
    for (size_t i = 0; i < n; i++, row = json_next(row))
        for (size_t k = 0; k < width; k++) cells[i * width + k] = cell_of(cx, row, columns[k]);
    if (list == NULL) out_one(c, columns, width, cells);
    else out_rows(c, columns, width, cells, n);
    return OK;
}
