/* Memory of the simulator: what the world keeps until it is reset, and growing texts. */
#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 20, ALIGN = 16 };

struct block {
    struct block *next;
    size_t        used, size;
    _Alignas(ALIGN) char at[];
};

static struct block *blocks;

void *grow(void *p, size_t n, size_t size)
{
    void *q = realloc(p, n * size > 0 ? n * size : 1);
    if (q == NULL) {
        (void)fputs("switchhook-sim: out of memory\n", stderr);
        abort();
    }
    return q;
}

void *keep(size_t n)
{
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (blocks == NULL || blocks->size - blocks->used < n) {
        size_t        size = n > BLOCK ? n : BLOCK;
        struct block *b = grow(NULL, 1, sizeof *b + size);
        *b = (struct block){ .next = blocks, .size = size };
        blocks = b;
    }
    void *p = blocks->at + blocks->used;
    blocks->used += n;
    return memset(p, 0, n);
}

char *keep_mem(const void *p, size_t n)
{
    char *copy = keep(n + 1);
    if (n > 0) memcpy(copy, p, n);
    return copy;
}

char *keep_str(const char *s)
{
    return s == NULL ? NULL : keep_mem(s, strlen(s));
}

char *keep_fmt(const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n < 0) n = 0;
    char *s = keep((size_t)n + 1);
    (void)vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(args);
    return s;
}

void keep_reset(void)
{
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    if (b->cap - b->len < n + 1 || b->at == NULL) {
        b->cap = 2 * b->cap + n + 64;
        b->at = grow(b->at, b->cap, 1);
    }
    if (n > 0) memcpy(b->at + b->len, p, n);
    b->len += n;
    b->at[b->len] = '\0';
}

void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    if (n > 0) {
        char *s = grow(NULL, (size_t)n + 1, 1);
        (void)vsnprintf(s, (size_t)n + 1, fmt, again);
        buf_add(b, s, (size_t)n);
        free(s);
    }
    va_end(again);
    va_end(args);
}

void buf_free(struct buf *b)
{
    free(b->at);
    *b = (struct buf){ 0 };
}
