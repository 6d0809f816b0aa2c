/* Signed links: <key id>.<unix seconds>.<tenant>.<kind>.<id>.<role>.<hex of HMAC-SHA-256 over path and all before>.
 * The key is a master key, made fit for this purpose alone; a link dies with its master key. */
#include "ticket.h"

#include "check.h"
#include "clock.h"
#include "digest.h"
#include "seal.h"

#include <string.h>

enum { FIELDS = 6, TEXT_MAX = 400 };

static const char purpose[] = "switchhook link 1";

/* The whole text for these words in front of its MAC; NULL: the key file has no such key. */
static const char *sign(struct ctx *cx, const char *key_id, const char *path, const char *words)
{
    struct arena *a = cx->arena;
    const char   *mac = seal_mac(a, cx->keys, key_id, purpose, arena_printf(a, "%s\n%s", path, words));
    return mac == NULL ? NULL : arena_printf(a, "%s.%s", words, mac);
}

enum err ticket_make(struct ctx *cx, const char *path, const struct ticket *t, int64_t until_s, const char **out)
{
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    const char *id = seal_id(cx->keys, 0);
    const char *words =
        arena_printf(cx->arena, "%s.%lld.%s.%s.%s.%s", id, (long long)until_s, t->tenant, t->kind, t->id, t->role);
    *out = sign(cx, id, path, words);
    return OK;
}

static enum err strange(struct ctx *cx)
{
    if (cx->err.code == OK) cx->err.cure = "Ask for a new link.";
    return ctx_fail(cx, ERR_UNAUTHENTICATED, "not a link to this");
}

enum err ticket_read(struct ctx *cx, const char *path, const char *text, struct ticket *out)
{
    struct arena *a = cx->arena;
    const size_t  n = strlen(text);
    const char   *field[FIELDS], *at = text;
    int64_t       until_s;
    if (n > TEXT_MAX || cx->keys == NULL) return strange(cx);
    for (int i = 0; i < FIELDS; i++) {
        size_t len = strcspn(at, ".");
        if (at[len] == '\0') return strange(cx);
        field[i] = arena_copy(a, at, len);
        at += len + 1;
    }
    const char *good = sign(cx, field[0], path, arena_copy(a, text, (size_t)(at - text) - 1));
    if (good == NULL || strlen(good) != n || !digest_same(good, text, n)) return strange(cx);
    if (!check_int(field[1], 0, INT64_MAX, &until_s)) return strange(cx);
    if (clock_unix_ms() >= until_s * 1000) {
        if (cx->err.code == OK) cx->err.cure = "Ask for a new link.";
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "the link is over");
    }
    *out = (struct ticket){ .tenant = field[2], .kind = field[3], .id = field[4], .role = field[5] };
    return OK;
}
