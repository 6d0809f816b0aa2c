/* One connection to PostgreSQL with every statement of the program prepared on it. Statements are typed by sqlgen from
 * lib/sql; several of them may share one transaction and one round trip; the caller waits, or watches the socket. */
#ifndef DB_H
#define DB_H
#include "ctx.h"

#include <stdbool.h>
#include <stddef.h>

struct db;

/* The structs below are what sqlgen writes for each .sql file; nobody fills them by hand. */
enum db_type { DB_TEXT, DB_INT, DB_BOOL, DB_BYTES };
enum db_shape { DB_NONE, DB_ONE, DB_MAYBE, DB_MANY, DB_BATCH };

/* Raw bytes: given to a bytea parameter (at NULL: null), or read from a bytea column into the arena. */
struct db_bytes {
    const void *at;
    size_t      n;
};

/* A parameter or a column, by its place in a generated struct. */
struct db_col {
    const char    *name;
    unsigned short off;
    unsigned char  type;
    bool           null; /* may be NULL: a pointer in the struct */
};

enum { DB_PARAMS_MAX = 32, DB_CALLS_MAX = 12 };

struct db_stmt {
    const char          *name, *text;
    const struct db_col *in, *out;
    unsigned short       nin, nout, in_size, row_size;
    unsigned char        shape;
};

/* The rows of a DB_MANY statement, in the arena: v is an array of the generated struct. */
struct db_rows {
    size_t n;
    void  *v;
};

/* One statement of a transaction. in: the generated struct, or for DB_BATCH an array of n of them. out, which may be
 * NULL where nothing is read: the generated struct, struct db_rows, or for DB_BATCH an array of n, in the order of in.
 */
struct db_call {
    const struct db_stmt *stmt;
    const void           *in;
    size_t                n;
    void                 *out;
};

/** A handle that connects when it is first used, and again whenever the connection was lost. role, if not NULL, is the
 *  user to connect as, over what conninfo says; one that sees more than a tenant's rows is refused, NOT_MIGRATED, on
 *  each connection (lib/sql/role_check.sql). stmts is NULL-terminated; all three must outlive the handle. The caller
 *  closes it. Call it after fork: a connection cannot be shared. */
struct db *db_open(const char *conninfo, const char *role, const struct db_stmt *const *stmts);

/** Hangs up and frees. NULL is allowed. */
void db_close(struct db *);

/** Runs n statements as one transaction in ONE round trip: [tenant][statement]...[sync]. OK means committed. Text in
 * the outputs lives in cx->arena. Never waits past cx->deadline_ms. Outputs are untouched on failure. NOT_FOUND (DB_ONE
 * without a row), CONFLICT (23505), INVALID (a check or a malformed value), TIMEOUT (our deadline or the server's
 * statement_timeout), UNAVAILABLE (server away, or a deadlock: running it again may work; the outcome of a write is
 * then unknown), NOT_MIGRATED (a table or column is missing: switchhook migrate; or the role is unsafe). */
enum err db_all(struct ctx *, const struct db_call *, size_t n) MUST_CHECK;

/** db_all() of one statement. */
enum err db_run(struct ctx *, const struct db_stmt *, const void *in, void *out) MUST_CHECK;

/* The same without waiting, for an event loop, or for work meanwhile. cx, the calls and what they point to must stay
 * until db_done() is true.
 */

/** Starts the transaction; connects first if need be. One at a time: the handle must be idle. */
void db_send(struct ctx *, const struct db_call *, size_t n);

/** Goes on as far as it can without waiting; true when it is over: cx->err then says how. Call it when the socket is
 *  ready, and once past cx->deadline_ms: that is TIMEOUT, and the connection is dropped. */
bool db_done(struct ctx *);

/** Waits until what db_send() began is over; its result as db_all() has it. */
enum err db_wait(struct ctx *) MUST_CHECK;

/** Call it when the socket of an idle handle is ready: notices that the server has gone, so that nobody watches a dead
 *  socket. */
void db_idle(struct db *);

/** The socket to watch and what for (POLLIN, POLLOUT); -1 while there is none. Changes when the handle reconnects. */
int   db_fd(const struct db *);
short db_events(const struct db *);

/** Transactions sent so far: the count of round trips. */
unsigned long db_trips(const struct db *);

#endif
