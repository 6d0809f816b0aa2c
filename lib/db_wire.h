/* Between C structs and PostgreSQL's wire: internal to lib/db*.c. */
#ifndef DB_WIRE_H
#define DB_WIRE_H
#include "db.h"

#include <libpq-fe.h>

/*   DOWN --send--> CONNECTING --> PREPARING --> ASKED --answered--> IDLE --send--> ASKED
 *     ^---------------------------- lost or late -----------------------'                    */
enum state { DOWN, CONNECTING, PREPARING, IDLE, ASKED };

struct db {
    PGconn                      *conn; /* NULL while DOWN */
    const char                  *conninfo, *role;
    const struct db_stmt *const *stmts;
    enum state                   state;
    PostgresPollingStatusType    want;  /* while CONNECTING */
    const struct db_call        *calls; /* of the transaction under way */
    size_t                       n, seen;
    PGresult                    *rows[DB_CALLS_MAX];
    unsigned long                trips;
};

/* The statement that sets the tenant of a transaction. */
#define DB_TENANT "tenant"

/** Starts to connect. Moves to CONNECTING, or records the failure. */
void db_connect_start(struct ctx *);

/** Goes on connecting if the socket is ready; *progress tells. True: it failed. */
bool db_connecting(struct ctx *, bool *progress);

/** Takes one result of the preparation. True: it failed. Once all is prepared *ready is set. */
bool db_prepared(struct ctx *, PGresult *, bool *ready);

/** Forgets the results of the transaction under way. */
void db_clear(struct db *);

/** Closes the connection, whatever its state. */
void db_hang_up(struct db *);

/** Ends the transaction under way with a failure; the connection is not to be trusted any more. Always true. */
bool db_lost(struct ctx *, enum err, const char *why);

/** Can the descriptor be used at once? */
bool db_readable(int fd, short events);

/** Queues one statement on a connection in pipeline mode. False: libpq refused it. */
bool db_wire_ask(struct ctx *, PGconn *, const struct db_call *);

/** Copies the rows of a statement into call->out. NOT_FOUND, or INTERNAL where rows are not what the annotation says.
 */
enum err db_wire_take(struct ctx *, const struct db_call *, const PGresult *) MUST_CHECK;

/** Records what a failed result means. */
enum err db_wire_refused(struct ctx *, const char *name, const PGresult *);

/** Is the description of a statement what its annotation says? */
bool db_wire_described(struct ctx *, const struct db_stmt *, const PGresult *);

#endif
