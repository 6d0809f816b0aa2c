/* Charts: SVG by integers alone. */
#include "chart.h"

#include "buf.h"

#include <string.h>

enum { WIDTH = 560, HEIGHT = 180, TOP = 16, FOOT = 24, NUMBER_MAX = 1000000000, LABELS = 16 };

struct bar {
    const char *label;
    int64_t     below, above;
};

static void plain(struct buf *b, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '<') buf_str(b, "&lt;");
        else if (*s == '&') buf_str(b, "&amp;");
        else buf_add(b, s, 1);
    }
}

static enum err read(struct ctx *cx, const struct json *list, const char *below, const char *above, struct bar *v,
                     int64_t *most)
{
    size_t i = 0;
    *most = 1;
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o), i++) {
        v[i] = (struct bar){ .label = json_text(json_get(o, "short")) };
        if (v[i].label == NULL || !json_int(json_get(o, below), 0, NUMBER_MAX, &v[i].below)
            || (above != NULL && !json_int(json_get(o, above), 0, NUMBER_MAX, &v[i].above)))
            return ctx_fail(cx, ERR_INVALID, "a bar of a chart has no number");
        if (v[i].below + v[i].above > *most) *most = v[i].below + v[i].above;
    }
    return OK;
}

static void rect(struct buf *b, const char *class, int64_t x, int64_t y, int64_t width, int64_t height)
{
    if (height > 0)
        buf_printf(b, "<rect class=\"%s\" x=\"%lld\" y=\"%lld\" width=\"%lld\" height=\"%lld\"/>", class, (long long)x,
                   (long long)y, (long long)width, (long long)height);
}

static void draw(struct buf *b, const struct bar *v, size_t n, int64_t most)
{
    const int64_t step = WIDTH / (int64_t)n, gap = step > 6 ? step / 5 : 1, room = HEIGHT - TOP - FOOT;
    const size_t  each = (n + LABELS - 1) / LABELS;
    for (size_t i = 0; i < n; i++) {
        const int64_t x = (int64_t)i * step + gap / 2, low = v[i].below * room / most;
        const int64_t all = (v[i].below + v[i].above) * room / most, foot = HEIGHT - FOOT;
        rect(b, "a", x, foot - low, step - gap, low);
        rect(b, "b", x, foot - all, step - gap, all - low);
        if (i % each != 0) continue;
        buf_printf(b, "<text class=\"t\" x=\"%lld\" y=\"%d\" text-anchor=\"middle\">",
                   (long long)(x + (step - gap) / 2), HEIGHT - 8);
        plain(b, v[i].label);
        buf_str(b, "</text>");
    }
    buf_printf(b, "<text class=\"t\" x=\"0\" y=\"11\">%lld</text>", (long long)most);
}

enum err chart_bars(struct ctx *cx, const char *title, const struct json *list, const char *below, const char *above,
                    const char **out)
{
    const size_t n = json_count(list);
    struct buf   b = buf_new(cx->arena, CHART_MAX);
    struct bar   v[CHART_BARS_MAX];
    int64_t      most;
    *out = "";
    if (n == 0) return OK;
    if (n > CHART_BARS_MAX) return ctx_fail(cx, ERR_INVALID, "a chart of %zu bars", n);
    TRY(read(cx, list, below, above, v, &most));
    buf_printf(&b,
               "<svg role=\"img\" viewBox=\"0 0 %d %d\" width=\"100%%\" xmlns=\"http://www.w3.org/2000/svg\"><title>",
               WIDTH, HEIGHT);
    plain(&b, title);
    buf_str(&b, "</title><desc>");
    for (size_t i = 0; i < n; i++) {
        plain(&b, v[i].label);
        if (above == NULL) buf_printf(&b, ": %lld. ", (long long)v[i].below);
        else buf_printf(&b, ": %s %lld, %s %lld. ", below, (long long)v[i].below, above, (long long)v[i].above);
    }
    buf_str(&b, "</desc>");
    draw(&b, v, n, most);
    buf_str(&b, "</svg>");
    if (b.full) return ctx_fail(cx, ERR_TOO_LARGE, "a chart over %d bytes", CHART_MAX);
    *out = b.at;
    return OK;
}
