/* Growing bytes in an arena, born with a cap. */
#ifndef BUF_H
#define BUF_H
#include "arena.h"

#include <stdbool.h>

/* at is NUL-terminated while not full. Once something did not fit, full sticks and nothing more is added: check it
 * once, at the end. */
struct buf {
    struct arena *arena;
    char         *at;
    size_t        len, size, cap;
    bool          full;
};

/** An empty buffer that may grow to cap bytes. Owned by the arena. */
struct buf buf_new(struct arena *, size_t cap);

void buf_add(struct buf *, const void *bytes, size_t n);
void buf_str(struct buf *, const char *);
void buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** A name or value in application/x-www-form-urlencoded. */
void buf_urlencode(struct buf *, const char *);

/** A string in JSON with its quotes; bytes that are not UTF-8 become U+FFFD. NULL: null. */
void buf_json(struct buf *, const char *);

#endif
