/* Memory of the simulator: what the world keeps until it is reset, and growing texts. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/** Zeroed bytes that live until keep_reset(). Never NULL: without memory the simulator ends. */
void *keep(size_t n);
char *keep_mem(const void *p, size_t n); /* a copy, NUL-terminated */
char *keep_str(const char *s);           /* a copy; NULL stays NULL */
char *keep_fmt(const char *fmt, ...) PRINTF(1, 2);
void  keep_reset(void);

/** realloc that never fails, for arrays that live as long as their owner. */
void *grow(void *p, size_t n, size_t size);

/** A growing text, always NUL-terminated once something was added. Zero-initialised is empty. */
struct buf {
    char  *at;
    size_t len, cap;
};
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_free(struct buf *b);
