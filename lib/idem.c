/* Idempotency-Key: one effect and one answer. */
#include "idem.h"

#include "check.h"
#include "digest.h"
#include "id.h"
#include "limit.h"
#include "log.h"
#include "seal.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { FORGET_PAGE = 100 };

static const char *place(struct ctx *cx, const char *key)
{
    return arena_printf(cx->arena, "idempotency_keys.reply:%s:%s", cx->tenant, key);
}

/* Each part with its length before it, so that no two lists of parts are the same bytes. */
static void hash_of(const struct db_bytes *parts, size_t n, unsigned char out[DIGEST_SHA256])
{
    struct digest *d = digest_begin();
    for (size_t i = 0; i < n; i++) {
        digest_add(d, &parts[i].n, sizeof parts[i].n);
        digest_add(d, parts[i].at, parts[i].n);
    }
    digest_end(d, out);
}

enum err idem_begin(struct ctx *cx, struct idem *it, const struct db_bytes *parts, size_t n, bool redo, bool *again,
                    struct idem_reply *out)
{
    struct sql_idem_begin row;
    unsigned char         hash[DIGEST_SHA256];
    *again = false;
    if (*it->key == '\0' || strlen(it->key) > IDEM_KEY_MAX || !check_header(it->key))
        return ctx_fail(cx, ERR_INVALID, "Idempotency-Key: 1 to %d printable characters", IDEM_KEY_MAX);
    id_uuid7(it->attempt);
    struct sql_idem_begin_in in = { .key = it->key, .attempt = it->attempt, .redo = redo };
    hash_of(parts, n, hash);
    veil_digests(cx, hash, &in.hash, &in.other_hash);
    TRY(sql_idem_begin(cx, &in, &row));
    if (row.mine) return OK;
    if (!row.same) return ctx_fail(cx, ERR_IDEM_REUSED, "this Idempotency-Key came with another request");
    if (row.status == NULL) return ctx_fail(cx, ERR_IDEM_RUNNING, "the same request is still being worked on");
    *again = true;
    *out = (struct idem_reply){ .status = (int)*row.status, .type = row.type, .head = row.head };
    return seal_open(cx, cx->keys, place(cx, it->key), row.reply, &out->body);
}

void idem_end(struct ctx *cx, const struct idem *it, const struct idem_reply *r)
{
    struct error           before = cx->err;
    struct sql_idem_end_in in = {
        .key = it->key, .attempt = it->attempt, .status = r->status, .type = r->type, .head = r->head
    };
    ctx_forgive(cx);
    if (seal_text(cx, cx->keys, place(cx, it->key), r->body == NULL ? "" : r->body, &in.reply) != OK
        || sql_idem_end(cx, &in) != OK)
        LOG(LOG_WARN, "an answer was not kept", LOG_TEXT("req", cx->id), LOG_TEXT("why", cx->err.msg));
    cx->err = before;
}

void idem_drop(struct ctx *cx, const struct idem *it)
{
    struct error before = cx->err;
    ctx_forgive(cx);
    if (sql_idem_drop(cx, &(const struct sql_idem_drop_in){ it->key, it->attempt }) != OK)
        LOG(LOG_WARN, "a key was not given free", LOG_TEXT("req", cx->id), LOG_TEXT("why", cx->err.msg));
    cx->err = before;
}

/* A page of answers; *after moves on. n: how many there were. */
static enum err forget_page(struct ctx *cx, const struct subject *who, const char **after, size_t *n)
{
    static const char gone[] = "{\"type\":\"about:blank\",\"title\":\"not_found\",\"status\":404,"
                               "\"code\":\"not_found\",\"detail\":\"it was erased\"}\n";
    struct db_rows    rows;
    TRY(sql_idem_replies(cx, &(const struct sql_idem_replies_in){ *after, FORGET_PAGE }, &rows));
    const struct sql_idem_replies *v = rows.v;
    for (size_t i = 0; i < rows.n; i++) {
        struct sql_idem_forget_in in = { .key = v[i].key };
        const char               *body;
        *after = v[i].key;
        if (seal_open(cx, cx->keys, place(cx, v[i].key), v[i].reply, &body) != OK) {
            ctx_forgive(cx); /* a key that is gone: noise already */
            continue;
        }
        if (!erasure_tells(who, body, strlen(body))) continue;
        TRY(seal_text(cx, cx->keys, place(cx, v[i].key), gone, &in.reply));
        TRY(sql_idem_forget(cx, &in));
    }
    *n = rows.n;
    return OK;
}

enum err idem_forget(struct ctx *cx, const struct subject *who)
{
    const char *after = "";
    size_t      n = FORGET_PAGE;
    if (cx->keys == NULL || who->number == NULL) return OK;
    while (n == FORGET_PAGE) TRY(forget_page(cx, who, &after, &n));
    return OK;
}
