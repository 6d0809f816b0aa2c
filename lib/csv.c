/* Phone numbers out of a table of comma-separated values. */
#include "csv.h"

#include "buf.h"
#include "check.h"
#include "phone.h"

#include <string.h>

enum { CELL_MAX = 60 };

static size_t until(const char *p, size_t n, const char *stops)
{
    size_t i = 0;
    while (i < n && strchr(stops, p[i]) == NULL) i++;
    return i;
}

/* The next cell of a row, without quotes and blanks around it; quotes inside are not numbers anyway. */
static size_t cell(const char *p, size_t n, const char **at, size_t *len)
{
    size_t taken, from = 0, to;
    if (n > 0 && p[0] == '"') {
        to = taken = 1 + until(p + 1, n - 1, "\"");
        from = 1;
        taken += until(p + taken, n - taken, ",;\t");
    } else to = taken = until(p, n, ",;\t");
    while (from < to && (p[from] == ' ' || p[from] == '\'')) from++;
    while (to > from && p[to - 1] == ' ') to--;
    *at = p + from;
    *len = to - from;
    return taken < n ? taken + 1 : n;
}

/* The first cell that is a number of some country. */
static bool row_number(const char *p, size_t n, const char *country, struct phone *out)
{
    while (n > 0) {
        const char *at;
        size_t      len, taken = cell(p, n, &at, &len);
        const bool  digits = until(at, len, "0123456789") < len;
        if (digits && len <= CELL_MAX && phone_parse(at, len, at[0] == '+' ? NULL : country, out)
            && check_e164(out->e164))
            return true;
        p += taken;
        n -= taken;
    }
    return false;
}

static void fault(struct ctx *cx, struct csv_numbers *out, size_t line, const char *p, size_t n)
{
    const bool text = check_utf8(p, n);
    if (out->bad < CSV_FAULTS_MAX)
        out->faults[out->bad] = (struct csv_fault){ line, text ? arena_printf(cx->arena, "no phone number: %.*s",
                                                                              (int)(n < CELL_MAX ? n : 0), p)
                                                               : "no phone number: bytes that are no text" };
    out->bad++;
}

void csv_numbers(struct ctx *cx, const char *text, size_t n, const char *country, struct csv_numbers *out)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* as spreadsheets begin UTF-8 */
    struct buf        b = buf_new(cx->arena, 4 * n + PHONE_TEXT);
    size_t            skip = n >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    *out = (struct csv_numbers){ .good = 0 };
    for (size_t line = 1; skip < n; line++) {
        const char  *p = text + skip;
        size_t       len = until(p, n - skip, "\r\n");
        struct phone phone;
        const bool   blank = strspn(p, " ,;\t") >= len;
        skip += len;
        if (skip + 1 < n && text[skip] == '\r' && text[skip + 1] == '\n') skip++;
        skip++;
        if (blank || (line == 1 && until(p, len, "0123456789") == len)) continue;
        if (!row_number(p, len, country, &phone)) {
            fault(cx, out, line, p, len);
            continue;
        }
        if (out->good++ > 0) buf_str(&b, " ");
        buf_str(&b, phone.e164);
    }
    out->numbers = b.at;
}
