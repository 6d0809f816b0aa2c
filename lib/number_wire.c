/* What Twilio has against what we want: URLs set, read back, compared and set again. */
#include "number.h"

#include "buf.h"
#include "check.h"
#include "clock.h"
#include "config.h"
#include "sql.h"

#include <stdlib.h>
#include <string.h>

/* KEEP_MS: what an answer still needs when no more numbers are told. */
enum { DRIFT_MAX = 4096, REPORT_MAX = 8 << 20, KEEP_MS = 8000 };

/* Retries and waits of Twilio's requests to us. A fragment is neither sent nor signed.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
static const char overrides[] = "#rc=5&rp=all&ct=2000&rt=5000&tt=15000";

/* Our own paths, the first of each is what we set; the others are aliases that a number may keep. */
static const char *const voice_paths[] = { "/api/twilio/voice/answer", "/api/webhooks/twilio/voice",
                                           "/api/twilio/webhook", NULL };
static const char *const status_paths[] = { "/api/twilio/voice/status", "/api/webhooks/twilio/status",
                                            "/api/twilio/status", NULL };

static const char *fallback_url(struct ctx *cx, const char *name)
{
    return arena_printf(cx->arena, "%s/fallback/%s.xml", cx->cfg->public_url, name);
}

enum err number_hooks(struct ctx *cx, const char *fallback, struct twilio_hooks *out)
{
    const char *base = cx->cfg->public_url;
    if (base == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "PUBLIC_URL is not set");
    *out = (struct twilio_hooks){ .voice_url = arena_printf(cx->arena, "%s%s%s", base, voice_paths[0], overrides),
                                  .fallback_url = fallback_url(cx, fallback),
                                  .status_url = arena_printf(cx->arena, "%s%s%s", base, status_paths[0], overrides) };
    return OK;
}

static void fault(struct buf *b, const char *what, const char *is, const char *wanted)
{
    buf_str(b, b->len == 0 ? "[{\"what\":" : ",{\"what\":");
    buf_json(b, what);
    buf_str(b, ",\"is\":");
    buf_json(b, is);
    buf_str(b, ",\"wanted\":");
    buf_json(b, wanted);
    buf_str(b, "}");
}

static void same(struct buf *b, const char *what, const char *is, const char *wanted)
{
    if (strcmp(is, wanted) != 0) fault(b, what, is, wanted);
}

/* One of our paths behind PUBLIC_URL, whatever stands in the fragment. */
static void ours(struct ctx *cx, struct buf *b, const char *what, const char *is, const char *const *paths)
{
    const char  *base = cx->cfg->public_url;
    const size_t n = strlen(base), len = strcspn(is, "#");
    for (size_t i = 0; paths[i] != NULL && strncmp(is, base, n) == 0; i++)
        if (strlen(paths[i]) == len - n && strncmp(is + n, paths[i], len - n) == 0) return;
    fault(b, what, is, arena_printf(cx->arena, "%s%s", base, paths[0]));
}

const char *number_drift(struct ctx *cx, const struct twilio_number *seen, const char *fallback)
{
    struct buf b = buf_new(cx->arena, DRIFT_MAX);
    if (seen != NULL && cx->cfg->public_url != NULL) {
        ours(cx, &b, "voice_url", seen->voice_url, voice_paths);
        same(&b, "voice_method", seen->voice_method, "POST");
        ours(cx, &b, "status_callback", seen->status_url, status_paths);
        same(&b, "status_callback_method", seen->status_method, "POST");
        same(&b, "voice_fallback_url", seen->fallback_url, fallback_url(cx, fallback));
        same(&b, "voice_application_sid", seen->application_sid, "");
        same(&b, "trunk_sid", seen->trunk_sid, "");
        if (strcmp(seen->receive_mode, "fax") == 0) fault(&b, "voice_receive_mode", "fax", "voice");
        if (strncmp(seen->capabilities, "voice", 5) != 0) fault(&b, "capabilities", seen->capabilities, "voice");
    }
    buf_str(&b, b.len == 0 ? "[]" : "]");
    /* URLs beyond measure are somebody else's. */
    return b.full ? "[{\"what\":\"voice_url\",\"is\":\"\",\"wanted\":\"\"}]" : b.at;
}

static void report(struct ctx *cx, struct buf *b, const struct sql_numbers_wanted *n, const struct twilio_number *seen,
                   bool applied)
{
    buf_str(b, b->len == 0 ? "[{\"id\":" : ",{\"id\":");
    buf_json(b, n->id);
    buf_str(b, ",\"sid\":");
    buf_json(b, seen == NULL ? NULL : seen->sid);
    buf_printf(b, ",\"vanished\":%s,\"applied\":%s,\"drift\":%s}", seen == NULL ? "true" : "false",
               applied ? "true" : "false", number_drift(cx, seen, n->fallback_name));
}

static enum err keep(struct ctx *cx, struct buf *b, bool whole, int64_t *drifted)
{
    struct sql_numbers_checked row;
    buf_str(b, b->len == 0 ? "[]" : "]");
    if (b->full) return ctx_fail(cx, ERR_TOO_LARGE, "a report of over %d bytes", REPORT_MAX);
    TRY(sql_numbers_checked(cx, &(const struct sql_numbers_checked_in){ b->at, whole }, &row));
    *drifted = row.drifted;
    return OK;
}

static const struct twilio_number *among(const struct twilio_numbers *all, const char *e164)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].e164, e164) == 0) return &all->v[i];
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    return strcmp(((const struct twilio_number *)a)->e164, ((const struct twilio_number *)b)->e164);
}

enum err number_check(struct ctx *cx, const char *id, const char *e164, struct number_report *out)
{
    const bool            whole = id == NULL && e164 == NULL;
    struct db_rows        rows;
    struct twilio         account;
    struct twilio_numbers all;
    struct buf            b = buf_new(cx->arena, REPORT_MAX);
    size_t                known = 0;
    TRY(sql_numbers_wanted(cx, &(const struct sql_numbers_wanted_in){ id, e164 }, &rows));
    const struct sql_numbers_wanted *v = rows.v;
    if (!whole && rows.n == 0) return ctx_fail(cx, ERR_NOT_FOUND, "no such number");
    if (cx->cfg->public_url == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "PUBLIC_URL is not set");
    TRY(twilio_load(cx, &account));
    TRY(twilio_numbers_list(cx, &account, whole ? NULL : v[0].e164, &all));
    qsort(all.v, all.n, sizeof *all.v, by_number);
    for (size_t i = 0; i < rows.n; i++) {
        const struct twilio_number  key = { .e164 = v[i].e164 };
        const struct twilio_number *seen = all.n == 0 ? NULL : bsearch(&key, all.v, all.n, sizeof *all.v, by_number);
        known += seen != NULL;
        report(cx, &b, &v[i], seen, false);
    }
    out->strangers = whole && all.n > known ? (int64_t)(all.n - known) : 0;
    return keep(cx, &b, whole, &out->drifted);
}

/* One number is told and its answer kept. One that was never seen at Twilio is looked up first. */
static enum err tell(struct ctx *cx, const struct twilio *account, const struct sql_numbers_wanted *n)
{
    struct twilio_hooks   hooks;
    struct twilio_number  now;
    struct twilio_numbers all;
    struct buf            b = buf_new(cx->arena, REPORT_MAX);
    const char           *sid = n->twilio_sid;
    int64_t               drifted;
    TRY(number_hooks(cx, n->fallback_name, &hooks));
    hooks.alone = true;
    if (sid == NULL) {
        TRY(twilio_numbers_list(cx, account, n->e164, &all));
        const struct twilio_number *seen = among(&all, n->e164);
        sid = seen == NULL ? NULL : seen->sid;
    }
    const enum err e = sid == NULL ? ERR_NOT_FOUND : twilio_number_set(cx, account, sid, &hooks, &now);
    if (e != OK && e != ERR_NOT_FOUND) return e;
    if (e == ERR_NOT_FOUND) ctx_forgive(cx);
    report(cx, &b, n, e == OK ? &now : NULL, true);
    return keep(cx, &b, false, &drifted);
}

enum err number_apply(struct ctx *cx, const char *id)
{
    struct db_rows rows;
    struct twilio  account;
    TRY(sql_numbers_wanted(cx, &(const struct sql_numbers_wanted_in){ .id = id }, &rows));
    if (rows.n == 0) return ctx_fail(cx, ERR_NOT_FOUND, "no such number");
    TRY(twilio_load(cx, &account));
    return tell(cx, &account, rows.v);
}

/* What is left is the sweep's. The first refusal counts only if nothing went well: then the others fail alike. */
enum err number_apply_waiting(struct ctx *cx, int64_t *left)
{
    struct db_rows rows;
    size_t         done = 0, i = 0;
    TRY(sql_numbers_waiting(cx, &rows));
    const struct sql_numbers_waiting *v = rows.v;
    for (; i < rows.n && cx->deadline_ms - clock_ms() >= KEEP_MS; i++, done++)
        if (number_apply(cx, v[i].id) != OK) break;
    if (done == 0 && cx->err.code != OK) return cx->err.code;
    ctx_forgive(cx);
    *left = (int64_t)(rows.n - i);
    return OK;
}
