/* For whoever watches us. */
#include "handlers.h"

#include "buf.h"
#include "config.h"
#include "sql.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REPLY_MAX = 8192 };

/* GET /api/health -> 200 {"status":"ok"} | 503: public, so it says nothing more. */
enum err ops_health(struct req *rq, struct res *rs)
{
    struct sql_health_ping ping;
    TRY(sql_health_ping(rq->ctx, &ping));
    return res_json(rs, 200, "{\"status\":\"ok\"}\n");
}

/* GET /healthz -> 200 while a worker answers, whatever the database does: for whoever would restart the workers. */
enum err ops_alive(struct req *rq, struct res *rs)
{
    (void)rq;
    return res_json(rs, 200, "{\"status\":\"ok\"}\n");
}

/* Deliveries that wait on disk for the database, in bytes. */
static int64_t spool_bytes(struct ctx *cx)
{
    struct stat st;
    int64_t     sum = 0;
    DIR        *d = opendir(arena_printf(cx->arena, "%s/spool", cx->cfg->state_dir));
    if (d == NULL) return 0;
    for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d))
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode)) sum += st.st_size;
    (void)closedir(d);
    return sum;
}

/* GET /readyz -> 200 {"status":"ok","schema":{"applied","needed"},"spool_bytes"} | 503 no database, or an older one
 * A spool that is not empty is no failure: the sweep drains it. */
enum err ops_ready(struct req *rq, struct res *rs)
{
    struct ctx            *cx = rq->ctx;
    struct sql_ready_state state;
    TRY(sql_ready_state(cx, &state));
    if (state.version < SCHEMA_VERSION)
        return ctx_fail(cx, ERR_NOT_MIGRATED, "migration %lld is applied, %d is needed", (long long)state.version,
                        SCHEMA_VERSION);
    return res_json(
        rs, 200,
        arena_printf(cx->arena,
                     "{\"status\":\"ok\",\"schema\":{\"applied\":%lld,\"needed\":%d},\"spool_bytes\":%lld}\n",
                     (long long)state.version, SCHEMA_VERSION, (long long)spool_bytes(cx)));
}

/* GET /api/webhook/clerk/test -> 200 {"success":true,"settings":{NAME: is it set},"tenant":{...}}: admins only, and
 * never a value. */
enum err ops_environment(struct req *rq, struct res *rs)
{
    struct ctx                 *cx = rq->ctx;
    struct buf                  b = buf_new(cx->arena, REPLY_MAX);
    struct sql_environment_load has;
    TRY(sql_environment_load(cx, &has));
    buf_printf(&b, "{\"success\":true,\"settings\":%s,\"tenant\":{\"twilio\":%s,\"twilioApiKey\":%s,\"twimlApp\":%s,",
               config_presence(cx->arena, cx->cfg), has.twilio ? "true" : "false", has.api_key ? "true" : "false",
               has.twiml_app ? "true" : "false");
    buf_printf(&b, "\"numbers\":%lld,\"users\":%lld}}\n", (long long)has.numbers, (long long)has.users);
    return res_json(rs, 200, b.at);
}
