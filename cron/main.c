/* switchhook-sweep: options, settings, signals, and how long it runs. */
#include "check.h"
#include "clock.h"
#include "http.h"
#include "log.h"
#include "seal.h"
#include "sql.h"
#include "sweep.h"

#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ARENA_CAP = 512 << 20, /* an upload of 24 MiB, replies of 2 MiB for each of its kind, levels of four hours */
    SETTINGS_CAP = 1 << 20,
    WAIT_MS = 1000, /* between two looks at an empty queue */
    PROBE_MS = 2000,
    MAX_S = 55 /* a run of cron ends before the next one begins */
};

enum { EXIT_DATABASE = 1, EXIT_USAGE = 2 };

struct options {
    const char *env, *only;
    int64_t     loop_s, max_s; /* loop_s 0: one run */
};

static volatile sig_atomic_t stopping;

static void on_term(int sig)
{
    (void)sig;
    stopping = 1;
}

/* Without SA_RESTART: a wait must end. A transfer under way goes on; its job ends first. */
static void handle(int sig)
{
    struct sigaction a = { .sa_handler = on_term };
    (void)sigaction(sig, &a, NULL);
}

static int usage(void)
{
    (void)fputs("usage: switchhook-sweep [--env FILE] [--loop SECONDS] [--max-seconds N] "
                "[--once-kind KIND | --kinds LIST]\n",
                stderr);
    return EXIT_USAGE;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {
        { "env", required_argument, NULL, 'e' },         { "loop", required_argument, NULL, 'l' },
        { "max-seconds", required_argument, NULL, 'm' }, { "once-kind", required_argument, NULL, 'k' },
        { "kinds", required_argument, NULL, 'K' },       { NULL, 0, NULL, 0 },
    };
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'e') o->env = optarg;
        else if (c == 'l' && check_int(optarg, 1, 86400, &o->loop_s)) continue;
        else if (c == 'm' && check_int(optarg, 1, 86400, &o->max_s)) continue;
        else if (c == 'k' && sweep_knows(optarg)) o->only = optarg;
        else if (c == 'K' && sweep_knows_all(optarg)) o->only = optarg;
        else return false;
    }
    return optind == argc;
}

static const char *host_name(struct arena *a)
{
    char name[256] = "";
    (void)gethostname(name, sizeof name - 1);
    return arena_strdup(a, name[0] == '\0' ? "localhost" : name);
}

/* Standing work, then jobs; both once. */
static enum err run(struct sweep *s)
{
    enum err standing = standing_run(s), jobs = sweep_jobs(s);
    return jobs != OK ? jobs : standing;
}

/* Until SIGTERM. Rounds of loop_s: within one, jobs are taken as they become due; standing work has its own clock. */
static void loop(struct sweep *s, int64_t loop_s)
{
    while (!stopping) {
        s->until_ms = clock_ms() + loop_s * 1000;
        (void)run(s); /* logged; whoever is away may come back */
        if (!stopping) (void)poll(NULL, 0, WAIT_MS);
    }
}

static enum err begin(struct ctx *cx, const struct options *o, struct config *cfg, struct sweep *s)
{
    struct seal_keys *keys = NULL;
    TRY(config_load(cx, o->env, CONFIG_FILE_ONLY_SECRETS, cfg));
    log_setup(cfg->log_level, cfg->log_pii);
    if (seal_keys_read(cx, cfg->key_file, &keys) != OK) {
        LOG(LOG_WARN, "recordings cannot be fetched", LOG_TEXT("reason", cx->err.msg));
        ctx_forgive(cx);
    }
    *s = (struct sweep){
        .arena = arena_new(ARENA_CAP),
        .cfg = cfg,
        .http = http_open(),
        .keys = keys,
        .only = o->only,
        .db = db_open(cfg->database_url, "switchhook_sweep", sql_all),
        .ingest = db_open(cfg->database_url, "switchhook_ingest", sql_all),
        .host = host_name(cx->arena),
        /* nobody's jobs are always first */
        .spot = (int64_t)((uint64_t)clock_unix_ms() * 6364136223846793005U),
        .until_ms = clock_ms() + o->max_s * 1000,
        .stop = &stopping,
    };
    return OK;
}

/* A database that is away stops nothing; a login that sees every tenant does, and so does a schema of yesterday. */
static bool fit(struct sweep *s)
{
    struct db *const dbs[] = { s->db, s->ingest };
    for (size_t i = 0; i < sizeof dbs / sizeof *dbs; i++) {
        struct ctx             cx = sweep_ctx(s);
        struct sql_health_ping ping;
        cx.db = dbs[i];
        cx.deadline_ms = clock_ms() + PROBE_MS;
        if (sql_health_ping(&cx, &ping) != ERR_NOT_MIGRATED) continue;
        (void)fprintf(stderr, "switchhook-sweep: %s\n", cx.err.msg);
        return false;
    }
    return true;
}

static void finish(struct sweep *s)
{
    db_close(s->db);
    db_close(s->ingest);
    http_close(s->http);
    seal_forget(s->keys);
    arena_free(s->arena);
}

int main(int argc, char **argv)
{
    struct options o = { .max_s = MAX_S };
    struct ctx     cx = { .arena = NULL };
    struct config  cfg;
    struct sweep   s;
    enum err       e = OK;
    if (!read_options(argc, argv, &o)) return usage();
    handle(SIGTERM);
    handle(SIGINT);
    cx.arena = arena_new(SETTINGS_CAP);
    if (begin(&cx, &o, &cfg, &s) != OK) {
        (void)fprintf(stderr, "switchhook-sweep: %s\n", cx.err.msg);
        arena_free(cx.arena);
        return EXIT_USAGE;
    }
    if (!fit(&s)) e = ERR_NOT_MIGRATED;
    else if (o.loop_s > 0) loop(&s, o.loop_s);
    else e = run(&s);
    finish(&s);
    arena_free(cx.arena);
    return e == OK ? 0 : EXIT_DATABASE;
}
