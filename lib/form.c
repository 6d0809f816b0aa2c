/* application/x-www-form-urlencoded, and typed reads of its fields. */
#include "form.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

static const char hex[] = "0123456789abcdef";

static int hex_value(char c)
{
    const char *at = c == '\0' ? NULL : strchr(hex, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return at == NULL ? -1 : (int)(at - hex);
}

/* Decodes the n bytes at s into fresh memory; NULL if they are malformed. */
static const char *decode(struct arena *a, const char *s, size_t n)
{
    char *out = arena_alloc(a, n + 1), *o = out;
    for (size_t i = 0; i < n; i++) {
        int c = s[i] == '+' ? ' ' : (unsigned char)s[i];
        if (s[i] == '%') {
            int hi = i + 2 < n ? hex_value(s[i + 1]) : -1, lo = hi < 0 ? -1 : hex_value(s[i + 2]);
            if (lo < 0) return NULL;
            c = hi * 16 + lo;
            i += 2;
        }
        if (c == '\0') return NULL;
        *o++ = (char)c;
    }
    return out;
}

enum err form_parse(struct ctx *cx, const char *body, size_t len, struct form *out)
{
    size_t max = 1;
    for (size_t i = 0; i < len; i++) max += body[i] == '&';
    if (max > FORM_FIELDS_MAX) return ctx_fail(cx, ERR_TOO_LARGE, "form: over %d fields", FORM_FIELDS_MAX);
    struct form f = { .v = arena_alloc(cx->arena, max * sizeof *f.v) };

    for (const char *s = body, *end = body + len; s < end;) {
        const char *stop = memchr(s, '&', (size_t)(end - s));
        if (stop == NULL) stop = end;
        const char *eq = memchr(s, '=', (size_t)(stop - s));
        if (eq == NULL) eq = stop;
        if (stop > s) {
            const char *val = eq < stop ? eq + 1 : stop;
            struct kv   kv = { decode(cx->arena, s, (size_t)(eq - s)), decode(cx->arena, val, (size_t)(stop - val)) };
            if (kv.key == NULL || kv.val == NULL) return ctx_fail(cx, ERR_MALFORMED, "form: bad escape");
            f.v[f.n++] = kv;
        }
        s = stop + 1;
    }
    *out = f;
    return OK;
}

const char *form_get(const struct form *f, const char *key)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].key, key) == 0) return f->v[i].val;
    return NULL;
}

static int by_name_then_value(const void *a, const void *b)
{
    const struct kv *x = a, *y = b;
    int              c = strcmp(x->key, y->key);
    return c != 0 ? c : strcmp(x->val, y->val);
}

struct form form_sorted(struct arena *a, const struct form *f)
{
    struct form out = { .v = arena_alloc(a, (f->n + 1) * sizeof *out.v), .n = f->n };
    if (f->n > 0) memcpy(out.v, f->v, f->n * sizeof *out.v);
    qsort(out.v, out.n, sizeof *out.v, by_name_then_value);
    return out;
}

enum err form_sid(struct ctx *cx, const struct form *f, const char *key, const char *prefix, const char **out)
{
    const char *v = form_get(f, key);
    if (v == NULL || !check_sid(v, prefix))
        return ctx_fail(cx, ERR_INVALID, "%s: expected %s and 32 hex digits", key, prefix);
    *out = v;
    return OK;
}
