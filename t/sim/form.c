/* application/x-www-form-urlencoded: ordered pairs, as Twilio sends and takes them. */
#include "form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *copy_of(const char *s, size_t n)
{
    char *c = grow(NULL, n + 1, 1);
    if (n > 0) memcpy(c, s, n);
    c[n] = '\0';
    return c;
}

static void put(struct form *f, char *name, char *value)
{
    if (f->n == f->cap) {
        f->cap = f->cap > 0 ? 2 * f->cap : 16;
        f->v = grow(f->v, f->cap, sizeof *f->v);
    }
    f->v[f->n++] = (struct pair){ name, value };
}

void form_add(struct form *f, const char *name, const char *value)
{
    if (value == NULL) value = "";
    put(f, copy_of(name, strlen(name)), copy_of(value, strlen(value)));
}

void form_addf(struct form *f, const char *name, const char *fmt, ...)
{
    char    text[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args); /* callers format numbers, dates and SIDs */
    va_end(args);
    form_add(f, name, text);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

size_t percent_decode(char *s, size_t len, bool plus)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '%' && i + 2 < len && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
            s[n++] = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
            i += 2;
        } else s[n++] = plus && s[i] == '+' ? ' ' : s[i];
    }
    s[n] = '\0';
    return n;
}

void form_parse(struct form *f, const char *text, size_t len)
{
    for (const char *at = text, *end = text + len; at < end;) {
        const char *amp = memchr(at, '&', (size_t)(end - at));
        const char *stop = amp != NULL ? amp : end, *eq = memchr(at, '=', (size_t)(stop - at));
        const char *name_end = eq != NULL ? eq : stop;
        if (stop > at) {
            char *name = copy_of(at, (size_t)(name_end - at));
            char *value = eq != NULL ? copy_of(eq + 1, (size_t)(stop - eq - 1)) : copy_of("", 0);
            (void)percent_decode(name, strlen(name), true);
            (void)percent_decode(value, strlen(value), true);
            put(f, name, value);
        }
        at = stop + 1;
    }
}

const char *form_get(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].name, name) == 0) return f->v[i].value;
    return NULL;
}

bool form_has(const struct form *f, const char *name)
{
    return form_get(f, name) != NULL;
}

/* Twilio's encoder: letters, digits, "-_.*" as they are, blank as '+', the rest %XX. */
static void encode(const char *s, struct buf *out)
{
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        bool          plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (plain || c == '-' || c == '_' || c == '.' || c == '*') buf_add(out, s, 1);
        else if (c == ' ') buf_add(out, "+", 1);
        else buf_fmt(out, "%%%02X", (unsigned)c);
    }
}

void form_encode(const struct form *f, struct buf *out)
{
    for (size_t i = 0; i < f->n; i++) {
        if (i > 0) buf_add(out, "&", 1);
        encode(f->v[i].name, out);
        buf_add(out, "=", 1);
        encode(f->v[i].value, out);
    }
}

struct form form_copy(const struct form *f)
{
    struct form c = { 0 };
    for (size_t i = 0; i < f->n; i++) form_add(&c, f->v[i].name, f->v[i].value);
    return c;
}

void form_free(struct form *f)
{
    for (size_t i = 0; i < f->n; i++) {
        free(f->v[i].name);
        free(f->v[i].value);
    }
    free(f->v);
    *f = (struct form){ 0 };
}
