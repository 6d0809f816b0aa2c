/* Growing bytes in an arena. Doubling leaves the old block to the arena, which is reset soon anyway. */
#include "buf.h"

#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST = 256 };

struct buf buf_new(struct arena *a, size_t cap)
{
    return (struct buf){ .arena = a, .at = arena_alloc(a, FIRST), .size = FIRST, .cap = cap };
}

static bool grow(struct buf *b, size_t n)
{
    if (b->full || n > b->cap || b->len > b->cap - n) {
        b->full = true;
        return false;
    }
    if (b->len + n + 1 <= b->size) return true;
    size_t size = b->size;
    while (size < b->len + n + 1) size *= 2;
    char *at = arena_alloc(b->arena, size);
    memcpy(at, b->at, b->len);
    b->at = at;
    b->size = size;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0 || !grow(b, n)) return;
    memcpy(b->at + b->len, bytes, n);
    b->len += n;
    b->at[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(b->at + b->len, b->size - b->len, fmt, ap);
    va_end(ap);
    if (n > 0 && grow(b, (size_t)n)) {
        (void)vsnprintf(b->at + b->len, b->size - b->len, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_urlencode(struct buf *b, const char *s)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    for (size_t n; *s != '\0'; s += n) {
        n = strspn(s, plain);
        buf_add(b, s, n);
        if (n > 0) continue;
        buf_printf(b, "%%%02X", (unsigned char)*s);
        n = 1;
    }
}

static void json_char(struct buf *b, unsigned char c)
{
    static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *p = names; *p != '\0'; p += 2) {
        if (c != (unsigned char)*p) continue;
        buf_printf(b, "\\%c", p[1]);
        return;
    }
    buf_printf(b, "\\u%04x", c);
}

void buf_json(struct buf *b, const char *s)
{
    if (s == NULL) {
        buf_str(b, "null");
        return;
    }
    buf_add(b, "\"", 1);
    for (size_t n; *s != '\0'; s += n) {
        n = check_utf8_char(s);
        const bool escape = n == 1 && ((unsigned char)*s < 0x20 || *s == '"' || *s == '\\');
        if (escape) json_char(b, (unsigned char)*s);
        else if (n > 0) buf_add(b, s, n);
        else buf_str(b, "\xEF\xBF\xBD");
        if (n == 0) n = 1;
    }
    buf_add(b, "\"", 1);
}
