/* libpq without waiting: a transaction of prepared statements in one round trip, by a deadline. */
#include "db.h"

#include "clock.h"
#include "db_wire.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

struct db *db_open(const char *conninfo, const char *role, const struct db_stmt *const *stmts)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL) abort();
    *db = (struct db){ .conninfo = conninfo, .role = role, .stmts = stmts };
    return db;
}

void db_close(struct db *db)
{
    if (db == NULL) return;
    db_hang_up(db);
    free(db);
}

int db_fd(const struct db *db)
{
    return db->conn == NULL ? -1 : PQsocket(db->conn);
}

short db_events(const struct db *db)
{
    if (db->state == CONNECTING) return db->want == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    return (short)(POLLIN | (db->conn != NULL && PQflush(db->conn) == 1 ? POLLOUT : 0));
}

unsigned long db_trips(const struct db *db)
{
    return db->trips;
}

/* Queues the transaction: [tenant][statement]...[sync]. */
static void ask(struct ctx *cx)
{
    struct db *db = cx->db;
    bool       ok = cx->tenant == NULL || PQsendQueryPrepared(db->conn, DB_TENANT, 1, &cx->tenant, NULL, NULL, 0) == 1;
    for (size_t i = 0; ok && i < db->n; i++) ok = db_wire_ask(cx, db->conn, &db->calls[i]);
    ok = ok && PQpipelineSync(db->conn) == 1 && PQflush(db->conn) >= 0;
    db->state = ASKED;
    db->seen = 0;
    db->trips++;
    if (!ok) (void)db_lost(cx, ERR_UNAVAILABLE, PQerrorMessage(db->conn));
}

/* The sync is where the transaction commits: only behind it is a success one. */
static bool finish(struct ctx *cx)
{
    struct db *db = cx->db;
    for (size_t i = 0; cx->err.code == OK && i < db->n; i++)
        if (db_wire_take(cx, &db->calls[i], db->rows[i]) != OK) break;
    db_clear(db);
    db->state = IDLE;
    if (cx->err.code == ERR_UNAVAILABLE) db_hang_up(db);
    return true;
}

static bool answered(struct ctx *cx, PGresult *r, bool *keep)
{
    struct db     *db = cx->db;
    ExecStatusType st = PQresultStatus(r);
    size_t         first = cx->tenant == NULL ? 0 : 1, at = db->seen++;
    if (st == PGRES_PIPELINE_SYNC) return finish(cx);
    if (st == PGRES_FATAL_ERROR)
        (void)db_wire_refused(cx, at >= first && at - first < db->n ? db->calls[at - first].stmt->name : DB_TENANT, r);
    *keep = (st == PGRES_TUPLES_OK || st == PGRES_COMMAND_OK) && at >= first && at - first < db->n;
    if (*keep) db->rows[at - first] = r;
    return false;
}

/* Takes one result if there is one. True: the transaction is over. */
static bool result(struct ctx *cx, bool *progress)
{
    struct db *db = cx->db;
    bool       keep = false, ready = false, over;
    *progress = false;
    if (PQflush(db->conn) < 0) return db_lost(cx, ERR_UNAVAILABLE, PQerrorMessage(db->conn));
    if (PQisBusy(db->conn)) {
        if (!db_readable(PQsocket(db->conn), POLLIN)) return false;
        if (PQconsumeInput(db->conn) == 0) return db_lost(cx, ERR_UNAVAILABLE, PQerrorMessage(db->conn));
        if (PQisBusy(db->conn)) return false;
    }
    PGresult *r = PQgetResult(db->conn);
    *progress = true;
    if (r == NULL) /* separates two results */
        return PQstatus(db->conn) == CONNECTION_OK ? false : db_lost(cx, ERR_UNAVAILABLE, "the server is gone");
    over = db->state == PREPARING ? db_prepared(cx, r, &ready) : answered(cx, r, &keep);
    if (!keep) PQclear(r);
    if (ready) {
        ask(cx);
        over = db->state == DOWN;
    }
    return over;
}

void db_send(struct ctx *cx, const struct db_call *calls, size_t n)
{
    struct db *db = cx->db;
    assert(cx->err.code == OK && n > 0 && n <= DB_CALLS_MAX && (db->state == DOWN || db->state == IDLE));
    db->calls = calls;
    db->n = n;
    if (db->state == IDLE) ask(cx);
    else db_connect_start(cx);
}

bool db_done(struct ctx *cx)
{
    bool over = cx->db->state == DOWN, progress = true;
    while (!over && progress) over = cx->db->state == CONNECTING ? db_connecting(cx, &progress) : result(cx, &progress);
    if (!over && clock_ms() >= cx->deadline_ms) over = db_lost(cx, ERR_TIMEOUT, "no answer in time");
    return over;
}

enum err db_wait(struct ctx *cx)
{
    while (!db_done(cx)) {
        struct pollfd p = { .fd = db_fd(cx->db), .events = db_events(cx->db) };
        int64_t       left = cx->deadline_ms - clock_ms();
        int           ready = poll(&p, 1, left < 0 ? 0 : left > 60000 ? 60000 : (int)left);
        if (ready < 0 && errno != EINTR && db_lost(cx, ERR_UNAVAILABLE, "poll failed")) break;
    }
    return cx->err.code;
}

enum err db_all(struct ctx *cx, const struct db_call *calls, size_t n)
{
    db_send(cx, calls, n);
    return db_wait(cx);
}

enum err db_run(struct ctx *cx, const struct db_stmt *s, const void *in, void *out)
{
    return db_all(cx, &(const struct db_call){ s, in, 1, out }, 1);
}
