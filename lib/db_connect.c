/* The life of a connection: made without waiting, every statement prepared as soon as it stands, dropped when in doubt.
 */
#include "db_wire.h"

#include "sql.h"

#include <poll.h>

static const char SET_TENANT[] = "select set_config('app.tenant', $1, true)";

void db_clear(struct db *db)
{
    for (size_t i = 0; i < DB_CALLS_MAX; i++) {
        PQclear(db->rows[i]);
        db->rows[i] = NULL;
    }
}

void db_hang_up(struct db *db)
{
    db_clear(db);
    PQfinish(db->conn);
    db->conn = NULL;
    db->state = DOWN;
}

bool db_lost(struct ctx *cx, enum err e, const char *why)
{
    struct db *db = cx->db;
    (void)ctx_fail(cx, e, "database: %s", why);
    db_hang_up(db);
    return true;
}

void db_idle(struct db *db)
{
    if (db->state != IDLE || (PQconsumeInput(db->conn) == 1 && PQstatus(db->conn) == CONNECTION_OK)) return;
    db_hang_up(db);
}

bool db_readable(int fd, short events)
{
    struct pollfd p = { .fd = fd, .events = events };
    return poll(&p, 1, 0) > 0;
}

void db_connect_start(struct ctx *cx)
{
    struct db        *db = cx->db;
    const char *const names[] = { "dbname", "user", "application_name", NULL };
    const char *const values[] = { db->conninfo, db->role, "switchhook", NULL };
    db->conn = PQconnectStartParams(names, values, 1); /* an empty or NULL user leaves what conninfo says */
    db->state = CONNECTING;
    db->want = PGRES_POLLING_WRITING;
    if (db->conn == NULL || PQstatus(db->conn) == CONNECTION_BAD)
        (void)db_lost(cx, ERR_UNAVAILABLE, db->conn == NULL ? "out of memory" : PQerrorMessage(db->conn));
}

/* Queues the preparation and description of every statement, and the question whether the role is safe: a schema that
 * does not fit, and a login that row level security does not bind, stop us here. */
static bool prepare(struct ctx *cx)
{
    struct db *db = cx->db;
    bool       ok = PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn) == 1
              && PQsendPrepare(db->conn, DB_TENANT, SET_TENANT, 1, NULL) == 1;
    for (size_t i = 0; ok && db->stmts[i] != NULL; i++) {
        const struct db_stmt *s = db->stmts[i];
        ok = PQsendPrepare(db->conn, s->name, s->text, s->nin, NULL) == 1
             && PQsendDescribePrepared(db->conn, s->name) == 1;
    }
    if (ok && db->role != NULL)
        ok = PQsendQueryParams(db->conn, sql_role_check_stmt.text, 0, NULL, NULL, NULL, NULL, 0) == 1;
    db->state = PREPARING;
    db->seen = 0;
    if (ok && PQpipelineSync(db->conn) == 1) return false;
    return db_lost(cx, ERR_UNAVAILABLE, PQerrorMessage(db->conn));
}

bool db_connecting(struct ctx *cx, bool *progress)
{
    struct db *db = cx->db;
    *progress = db_readable(db_fd(db), db_events(db));
    if (!*progress) return false;
    db->want = PQconnectPoll(db->conn);
    if (db->want == PGRES_POLLING_FAILED) return db_lost(cx, ERR_UNAVAILABLE, PQerrorMessage(db->conn));
    return db->want == PGRES_POLLING_OK ? prepare(cx) : false;
}

/* Names the role of the connection and why it may see more than one tenant. Always true. */
static bool unsafe(struct ctx *cx, const PGresult *r)
{
    const bool  row = PQntuples(r) == 1;
    const char *role = row ? PQgetvalue(r, 0, 0) : "nobody", *why = row ? PQgetvalue(r, 0, 1) : "it is not there";
    return db_lost(cx, ERR_NOT_MIGRATED, arena_printf(cx->arena, "the login %s is refused: %s", role, why));
}

/* results: tenant, then for the i-th statement one at 2i + 1 (prepared) and one at 2i + 2 (described); the only rows
 * among them are role_check.sql's */
bool db_prepared(struct ctx *cx, PGresult *r, bool *ready)
{
    struct db     *db = cx->db;
    ExecStatusType st = PQresultStatus(r);
    size_t         at = db->seen++;
    if (st == PGRES_PIPELINE_SYNC) {
        *ready = true;
        return false;
    }
    if (st == PGRES_FATAL_ERROR || st == PGRES_PIPELINE_ABORTED) {
        const struct db_stmt *s = at == 0 ? NULL : db->stmts[(at - 1) / 2]; /* NULL behind the last one as well */
        (void)db_wire_refused(cx, at == 0 ? DB_TENANT : s == NULL ? sql_role_check_stmt.name : s->name, r);
        return db_lost(cx, cx->err.code, "");
    }
    if (st == PGRES_TUPLES_OK) return PQntuples(r) == 1 && PQgetisnull(r, 0, 1) ? false : unsafe(cx, r);
    if (at > 0 && at % 2 == 0 && !db_wire_described(cx, db->stmts[at / 2 - 1], r)) return db_lost(cx, cx->err.code, "");
    return false;
}
