/* Tables as comma-separated values. https://www.rfc-editor.org/rfc/rfc4180 */
#include "sheet.h"

#include "check.h"

#include <limits.h>
#include <string.h>

enum { NAMES_MAX = 40 };

static void quoted(struct buf *b, const char *text)
{
    buf_str(b, "\"");
    for (const char *q; (q = strchr(text, '"')) != NULL; text = q + 1) {
        buf_add(b, text, (size_t)(q - text));
        buf_str(b, "\"\"");
    }
    buf_str(b, text);
    buf_str(b, "\"");
}

/* How many bytes stand before the first that wants quotes, or the end. An export has millions of cells: one pass. */
static size_t plain(const char *t)
{
    static const bool special[UCHAR_MAX + 1] = {
        ['\0'] = true, ['"'] = true, [','] = true, [';'] = true, ['\r'] = true, ['\n'] = true
    };
    size_t n = 0;
    while (!special[(unsigned char)t[n]]) n++;
    return n;
}

void sheet_cell(struct buf *b, const char *text, enum sheet_cell kind, bool excel, bool last)
{
    const char  *t = text == NULL ? "" : text;
    const size_t n = plain(t);
    if (kind == SHEET_PHONE && excel && *t == '+') {
        buf_str(b, "\"=\"\"");
        buf_str(b, t);
        buf_str(b, "\"\"\"");
    } else if (kind == SHEET_FREE && *t != '\0' && strchr("=+-@\t\r", *t) != NULL) {
        quoted(b, arena_printf(b->arena, "'%s", t));
    } else if (t[n] != '\0') {
        quoted(b, t);
    } else {
        buf_add(b, t, n);
    }
    buf_add(b, last ? "\r\n" : ",", last ? 2 : 1);
}

/* Where reading stands. */
struct sheet {
    const char *at, *end;
    char        comma;
};

/* How many bytes the next cell has at most. */
static size_t span(const struct sheet *s, bool quote)
{
    const char *p = quote ? s->at + 1 : s->at;
    for (; p < s->end; p++) {
        if (quote && *p == '"' && p + 1 < s->end && p[1] == '"') p++;
        else if (quote ? *p == '"' : *p == s->comma || *p == '\n' || *p == '\r') break;
    }
    return (size_t)(p - s->at);
}

/* The next cell, unquoted, in the arena; *last: its row ends behind it. False: a quote does not end. */
static bool cell(struct arena *a, struct sheet *s, const char **out, bool *last)
{
    const bool quote = s->at < s->end && *s->at == '"';
    char      *to = arena_alloc(a, span(s, quote) + 1);
    size_t     n = 0;
    if (quote) s->at++;
    for (; s->at < s->end; s->at++) {
        const char c = *s->at;
        if (quote && c == '"' && s->at + 1 < s->end && s->at[1] == '"') s->at++;
        else if (quote ? c == '"' : c == s->comma || c == '\n' || c == '\r') break;
        to[n++] = c;
    }
    if (quote && s->at++ == s->end) return false;
    to[n] = '\0';
    *out = to;
    *last = s->at >= s->end || *s->at != s->comma;
    if (!*last) s->at++;
    while (*last && s->at < s->end && (*s->at == '\r' || *s->at == '\n')) s->at++;
    return true;
}

/* One row as an object. */
static bool row(struct arena *a, struct sheet *s, const char *const *names, size_t n, struct buf *b)
{
    bool last = false, first = true;
    buf_str(b, "{");
    for (size_t i = 0; !last; i++) {
        const char *text;
        if (!cell(a, s, &text, &last) || (i >= n && *text != '\0')) return false;
        if (i >= n || *text == '\0') continue;
        buf_str(b, first ? "" : ",");
        buf_json(b, names[i]);
        buf_str(b, ":");
        buf_json(b, text);
        first = false;
    }
    buf_str(b, "}");
    return true;
}

enum err sheet_read(struct ctx *cx, const char *text, size_t n, size_t max, const char **json)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* as spreadsheets begin UTF-8 */
    const size_t      skip = n >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    struct sheet      s = { .at = text + skip, .end = text + n, .comma = ',' };
    const char       *names[NAMES_MAX];
    size_t            have = 0, rows = 0;
    struct buf        b = buf_new(cx->arena, 8 * n + 64 * (max + 1));
    bool              last = false;
    if (!check_utf8(text, n) || memchr(text, '\0', n) != NULL)
        return ctx_fail(cx, ERR_MALFORMED, "the table is no UTF-8 text");
    if (memchr(s.at, ',', strcspn(s.at, "\r\n")) == NULL && memchr(s.at, ';', strcspn(s.at, "\r\n")) != NULL)
        s.comma = ';';
    while (!last && have < NAMES_MAX)
        if (!cell(cx->arena, &s, &names[have++], &last)) break;
    if (!last || *names[0] == '\0') return ctx_fail(cx, ERR_MALFORMED, "line 1: expected the names of the columns");
    buf_str(&b, "[");
    for (; s.at < s.end; rows++) {
        if (rows > 0) buf_str(&b, ",");
        if (rows == max) return ctx_fail(cx, ERR_MALFORMED, "over %zu rows", max);
        if (!row(cx->arena, &s, names, have, &b))
            return ctx_fail(cx, ERR_MALFORMED, "row %zu: a quote that does not end, or more cells than names",
                            rows + 1);
    }
    buf_str(&b, "]");
    *json = b.at;
    return b.full ? ctx_fail(cx, ERR_TOO_LARGE, "the table is too large") : OK;
}
