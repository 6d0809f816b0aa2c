/* switchhook-worker: one pool of FastCGI workers on the socket that spawn-fcgi leaves at descriptor 0.
 *   spawn-fcgi -n -s /run/switchhook/api.sock -M 0660 -b 1024 -- switchhook-worker --pool api --workers 4 */
#include "worker.h"

#include "check.h"
#include "clock.h"
#include "db.h"
#include "log.h"
#include "phone.h"
#include "seal.h"
#include "sql.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    OK_EXIT = 0,
    FAILED_EXIT = 1,
    USAGE_EXIT = 2,
    MISSING_EXIT = 3,
    WORKERS_MAX = 256,
    HOME_CAP = 4 << 20,
    PROBE_MS = 2000
};

static const char usage[] = "usage: switchhook-worker --pool hooks|api|auth [--workers N] [--env FILE]\n"
                            "Serves FastCGI on descriptor 0, a listening unix socket: start it with spawn-fcgi -n.\n";

static const struct {
    const char    *name, *role; /* role: who the pool is to PostgreSQL */
    enum pool_name pool;
    int (*work)(beat_t *, void *);
    int64_t budget_ms;
    bool    seals; /* it opens secrets */
} pools[] = {
    { "hooks", "switchhook_ingest", POOL_HOOKS, hookloop_run, HOOKS_BUDGET_MS, true },
    { "api", "switchhook_app", POOL_API, worker_run, API_BUDGET_MS, true },
    { "auth", "switchhook_app", POOL_AUTH, worker_run, HOOKS_BUDGET_MS, false },
};

struct options {
    const char *pool, *env;
    int64_t     workers;
};

static int say(int status, const char *what, const char *why)
{
    LOG(LOG_ERROR, what, LOG_TEXT("why", why));
    return status;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = { { "pool", required_argument, NULL, 'p' },
                                           { "workers", required_argument, NULL, 'w' },
                                           { "env", required_argument, NULL, 'e' },
                                           { NULL, 0, NULL, 0 } };
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'p') o->pool = optarg;
        else if (c == 'e') o->env = optarg;
        else if (c != 'w' || !check_int(optarg, 1, WORKERS_MAX, &o->workers)) return false;
    }
    return o->pool != NULL && optind == argc;
}

/* A TCP listener would let anybody near forge what nginx says. */
static bool unix_listener(void)
{
    struct sockaddr_storage a = { .ss_family = AF_UNSPEC };
    socklen_t               n = sizeof a, size = sizeof(int);
    int                     listening = 0;
    return getsockname(LISTEN_FD, (struct sockaddr *)&a, &n) == 0 && a.ss_family == AF_UNIX
           && getsockopt(LISTEN_FD, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0
           && fcntl(LISTEN_FD, F_SETFL, fcntl(LISTEN_FD, F_GETFL) | O_NONBLOCK) == 0;
}

/* A database that is away stops nothing: workers ask again when it is back. A login that sees every tenant stops us. */
static enum err probe(struct ctx *cx, const char *role)
{
    static const struct db_stmt *const stmts[] = { &sql_health_ping_stmt, NULL };
    struct sql_health_ping             ping;
    cx->db = db_open(cx->cfg->database_url, role, stmts);
    cx->deadline_ms = clock_ms() + PROBE_MS;
    enum err e = sql_health_ping(cx, &ping);
    db_close(cx->db);
    cx->db = NULL;
    if (e == OK || e == ERR_NOT_MIGRATED) return e;
    LOG(LOG_WARN, "the database does not answer yet", LOG_TEXT("why", cx->err.msg));
    ctx_forgive(cx);
    return OK;
}

static int serve(struct ctx *cx, const struct options *o, size_t kind)
{
    struct config     cfg;
    struct seal_keys *keys = NULL;
    if (config_load(cx, o->env, CONFIG_FILE_ONLY_SECRETS, &cfg) != OK)
        return say(MISSING_EXIT, "settings", cx->err.msg);
    cx->cfg = &cfg;
    log_setup(cfg.log_level, cfg.log_pii);
    if (cfg.public_url == NULL) return say(MISSING_EXIT, "settings", "PUBLIC_URL is not set");
    if (pools[kind].seals && seal_keys_read(cx, cfg.key_file, &keys) != OK)
        return say(MISSING_EXIT, "keys", cx->err.msg);
    if (probe(cx, pools[kind].role) != OK) return say(MISSING_EXIT, "database", cx->err.msg);
    phone_init(); /* before the fork: workers share its memory */

    struct worker w = { .pool = pools[kind].pool, .workers = (size_t)o->workers, .cfg = &cfg, .keys = keys };
    struct pool   p = { .workers = w.workers,
                        .hung_ms = pools[kind].budget_ms + HUNG_MS,
                        .rss_max = WORKER_RSS_MAX,
                        .work = pools[kind].work,
                        .arg = &w };
    int           rc = pool_run(&p);
    seal_forget(keys);
    return rc;
}

int main(int argc, char **argv)
{
    struct options o = { .workers = 2 };
    size_t         kind = 0;
    if (!read_options(argc, argv, &o)) {
        (void)fputs(usage, stderr);
        return USAGE_EXIT;
    }
    while (kind < sizeof pools / sizeof *pools && strcmp(pools[kind].name, o.pool) != 0) kind++;
    if (kind == sizeof pools / sizeof *pools) return say(USAGE_EXIT, "no such pool", o.pool);
    if (!unix_listener())
        return say(MISSING_EXIT, "descriptor 0 is not a listening unix socket", "start it with spawn-fcgi -n");
    /* Read when libfcgi initialises: a lingering peer costs as much, and the default is 2000. */
    (void)setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "200", 1);
    (void)setenv("LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT", "200", 1);
    struct ctx cx = { .arena = arena_new(HOME_CAP) };
    if (cx.arena == NULL) return FAILED_EXIT;
    int rc = serve(&cx, &o, kind);
    arena_free(cx.arena);
    return rc;
}
