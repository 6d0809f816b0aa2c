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
