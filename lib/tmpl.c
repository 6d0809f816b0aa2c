/* Templates of mails. */
#include "tmpl.h"

#include "buf.h"

#include <string.h>

enum { NAME_BYTES = 64 };

/* One rendering: the contexts from the document inwards. */
struct tmpl {
    struct ctx        *cx;
    enum tmpl_kind     kind;
    struct buf         b;
    const struct json *at[TMPL_DEPTH];
    int                depth;
};

/* A tag: where its name is and what follows it. */
struct tag {
    char        sign; /* # ^ / & or 0 */
    char        name[NAME_BYTES];
    const char *begin, *end;
};

static void escaped(struct buf *b, const char *s)
{
    static const struct {
        char        c;
        const char *as;
    } rows[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" } };
    for (; *s != '\0'; s++) {
        size_t i = 0;
        while (i < sizeof rows / sizeof *rows && rows[i].c != *s) i++;
        if (i < sizeof rows / sizeof *rows) buf_str(b, rows[i].as);
        else buf_add(b, s, 1);
    }
}

static const struct json *within(const struct json *v, const char *name)
{
    char word[NAME_BYTES];
    while (v != NULL && *name != '\0') {
        size_t n = strcspn(name, ".");
        memcpy(word, name, n);
        word[n] = '\0';
        v = json_type(v) == JSON_OBJECT ? json_get(v, word) : NULL;
        name += n + (name[n] == '.');
    }
    return v;
}

static const struct json *find(const struct tmpl *t, const char *name)
{
    if (strcmp(name, ".") == 0) return t->at[t->depth];
    for (int i = t->depth; i >= 0; i--) {
        const struct json *v = within(t->at[i], name);
        if (v != NULL) return v;
    }
    return NULL;
}

static bool empty(const struct json *v)
{
    double n;
    if (v == NULL || json_type(v) == JSON_NULL) return true;
    if (json_type(v) == JSON_BOOL) return !json_bool(v, false);
    if (json_type(v) == JSON_STRING) return *json_text(v) == '\0';
    if (json_type(v) == JSON_ARRAY) return json_first(v) == NULL;
    return json_number(v, &n) && n == 0;
}

static void put(struct tmpl *t, const struct tag *g)
{
    const struct json *v = find(t, g->name);
    if (v == NULL || json_type(v) == JSON_NULL) return;
    const char *text = json_type(v) == JSON_STRING ? json_text(v) : json_print(t->cx, v);
    if (t->kind == TMPL_HTML && g->sign != '&') escaped(&t->b, text);
    else buf_str(&t->b, text);
}

/* The next tag at or after s and before end; NULL in begin: there is none. */
static enum err next(struct ctx *cx, const char *s, const char *end, struct tag *g)
{
    *g = (struct tag){ .begin = strstr(s, "{{") };
    if (g->begin == NULL || g->begin >= end) {
        g->begin = NULL;
        return OK;
    }
    const char *name = g->begin + 2, *close = strstr(name, "}}");
    if (close == NULL || close >= end) return ctx_fail(cx, ERR_INVALID, "a template's tag is not ended");
    if (strchr("#^/&", *name) != NULL) g->sign = *name++;
    const size_t n = (size_t)(close - name);
    if (n == 0 || n >= NAME_BYTES) return ctx_fail(cx, ERR_INVALID, "a template's tag has no fit name");
    memcpy(g->name, name, n);
    g->end = close + 2;
    return OK;
}

/* The tag that closes the section g, which is opened before from. */
static enum err closing(struct ctx *cx, const struct tag *g, const char *from, const char *end, struct tag *out)
{
    for (int open = 1; open > 0; from = out->end) {
        TRY(next(cx, from, end, out));
        if (out->begin == NULL) return ctx_fail(cx, ERR_INVALID, "a template's section %s is not closed", g->name);
        if (strcmp(out->name, g->name) != 0) continue;
        if (out->sign == '#' || out->sign == '^') open++;
        if (out->sign == '/') open--;
    }
    return OK;
}

static enum err body(struct tmpl *t, const char *s, const char *end);

static enum err inside(struct tmpl *t, const struct json *v, const char *s, const char *end)
{
    if (t->depth + 1 >= TMPL_DEPTH) return ctx_fail(t->cx, ERR_INVALID, "a template's sections are too deep");
    t->at[++t->depth] = v;
    TRY(body(t, s, end));
    t->depth--;
    return OK;
}

static enum err section(struct tmpl *t, const struct tag *g, const char *end)
{
    const struct json *v = find(t, g->name);
    if (g->sign == '^') return empty(v) ? body(t, g->end, end) : OK;
    if (empty(v)) return OK;
    if (json_type(v) != JSON_ARRAY) return inside(t, v, g->end, end);
    for (const struct json *one = json_first(v); one != NULL; one = json_next(one)) TRY(inside(t, one, g->end, end));
    return OK;
}

static enum err body(struct tmpl *t, const char *s, const char *end)
{
    for (struct tag g, close; s < end; s = g.end) {
        TRY(next(t->cx, s, end, &g));
        buf_add(&t->b, s, (size_t)((g.begin == NULL ? end : g.begin) - s));
        if (g.begin == NULL) return OK;
        if (g.sign == '/') return ctx_fail(t->cx, ERR_INVALID, "a template closes %s, which is not open", g.name);
        if (g.sign != '#' && g.sign != '^') {
            put(t, &g);
            continue;
        }
        TRY(closing(t->cx, &g, g.end, end, &close));
        TRY(section(t, &g, close.begin));
        g.end = close.end;
    }
    return OK;
}

enum err tmpl_render(struct ctx *cx, enum tmpl_kind kind, const char *tmpl, const struct json *data, const char **out)
{
    struct tmpl t = { .cx = cx, .kind = kind, .b = buf_new(cx->arena, TMPL_OUT_MAX), .at = { data } };
    TRY(body(&t, tmpl, tmpl + strlen(tmpl)));
    if (t.b.full) return ctx_fail(cx, ERR_TOO_LARGE, "a text over %d bytes", TMPL_OUT_MAX);
    *out = t.b.at;
    return OK;
}
