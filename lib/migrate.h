/* Migrations: a directory of NNNN_name.sql, applied in order, each once, each in one transaction. */
#ifndef MIGRATE_H
#define MIGRATE_H
#include "ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct migration {
    int64_t     version;
    const char *name;     /* of the file, without .sql */
    const char *checksum; /* SHA-256 of the file, hex */
    const char *sql;
    const char *applied_at; /* NULL: not applied */
    bool        fresh;      /* applied by this run */
};

struct migrations {
    struct migration *v; /* by version */
    size_t            n;
};

/** Reads a directory, nothing of it applied. CONFLICT: two files have one version. INVALID: it cannot be read, or there
 * is none in it. */
enum err migrate_dir(struct ctx *, const char *dir, struct migrations *out) MUST_CHECK;

/** Is that the checksum of a text that the version's file had before it was mended, and that left the same? */
bool migrate_mended(int64_t version, const char *checksum);

/** Reads the directory and what schema_migrations says. CONFLICT, naming the file: an applied migration was edited, is
 *  missing, or a file comes before one that is applied. INVALID: the directory. UNAVAILABLE: no database. */
enum err migrate_status(struct ctx *, const char *conninfo, const char *dir, struct migrations *out) MUST_CHECK;

/** migrate_status(), then applies what is missing, under an advisory lock: of several programs that start together one
 *  works and the others wait for it, a minute at most. What was applied before a failure stays. */
enum err migrate_up(struct ctx *, const char *conninfo, const char *dir, struct migrations *out) MUST_CHECK;

/** The newest applied version; 0 where nothing is applied. */
enum err migrate_version(struct ctx *, const char *conninfo, int64_t *out) MUST_CHECK;

/** Creates the database that conninfo names unless it exists; made says which. UNAVAILABLE: no server, or it does not
 * know us. INVALID: we may not create one. */
enum err migrate_create(struct ctx *, const char *conninfo, bool *made) MUST_CHECK;

/** Is the server on this machine, behind a socket that knows its users? */
bool migrate_local(struct ctx *, const char *conninfo);

#endif
