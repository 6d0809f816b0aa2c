/* One unit of work: an HTTP request, a job, a spool record, a replayed event. */
#ifndef CTX_H
#define CTX_H
#include "arena.h"
#include "error.h"

#include <stdint.h>

struct db;
struct http;
struct config;
struct seal_keys;
struct veil;

enum { CTX_ID = 65 }; /* a client's X-Request-Id has up to 64 characters, a UUID 36 */

/* The first argument of every call that allocates, talks to somebody, or can fail. */
struct ctx {
    struct arena           *arena;
    struct error            err;
    struct db              *db;
    struct http            *http; /* NULL in the hooks pool, which never dials out */
    const struct config    *cfg;
    const struct seal_keys *keys; /* what secrets at rest are opened with; NULL where none are */
    const struct veil      *veil; /* how the tenant's metadata are sealed; NULL: they are not, or nobody asked */
    const char *tenant;           /* uuid; from auth or a job alone. Once set, every statement runs under RLS for it */
    int64_t     deadline_ms;      /* clock_ms(); everything that waits clips its timeout to it */
    char        id[CTX_ID];       /* X-Request-Id or job id; in every log line */
};

/** Records the failure of this unit of work (the first one wins) and returns its code. */
#define ctx_fail(cx, code, ...) error_set(&(cx)->err, (code), __VA_ARGS__)

/** Forgets a failure that the caller has dealt with. */
#define ctx_forgive(cx) ((cx)->err = (struct error){ .code = OK })

#endif
