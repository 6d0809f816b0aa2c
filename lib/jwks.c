/* Sets of keys that issuers publish. https://www.rfc-editor.org/rfc/rfc7517#section-5 */
#include "jwks.h"

#include "clock.h"
#include "http.h"
#include "limit.h"

#include <string.h>

enum { URL_SIZE = 512, SECOND = 1000 };

/* One set as text: it is read again for each token, which costs less than its signature does. Times are clock_ms(), 0:
 * never. */
struct kept {
    char          url[URL_SIZE]; /* "": a free place */
    struct arena *arena;
    const char   *text; /* NULL: none has come yet */
    int64_t       fetched_ms, tried_ms, asked_ms;
};

static struct kept sets[JWKS_URLS];

static struct kept *place_of(const char *url)
{
    struct kept *oldest = &sets[0];
    for (size_t i = 0; i < JWKS_URLS; i++) {
        if (strcmp(sets[i].url, url) == 0) return &sets[i];
        if (sets[i].tried_ms < oldest->tried_ms) oldest = &sets[i];
    }
    struct arena *arena = oldest->arena == NULL ? arena_new(2 * JWKS_MAX) : oldest->arena;
    if (arena == NULL) return NULL;
    arena_reset(arena);
    *oldest = (struct kept){ .arena = arena };
    memcpy(oldest->url, url, strlen(url) + 1);
    return oldest;
}

static enum err fetch(struct ctx *cx, struct kept *k)
{
    struct http_request rq = { .method = "GET", .url = k->url, .max = JWKS_MAX, .timeout_ms = JWKS_FETCH_MS };
    struct http_reply   reply = { 0 };
    const struct json  *set = NULL;
    k->tried_ms = clock_ms();
    const bool good = http_send(cx, &rq, &reply) == OK && reply.status == 200
                      && json_parse(cx, reply.body, reply.len, JWKS_MAX, &set) == OK
                      && json_type(json_get(set, "keys")) == JSON_ARRAY;
    ctx_forgive(cx);
    if (!good) return ctx_fail(cx, ERR_UNAVAILABLE, "the keys of the token's issuer cannot be had");
    arena_reset(k->arena);
    k->text = arena_copy(k->arena, reply.body, reply.len);
    k->fetched_ms = k->tried_ms;
    return OK;
}

static bool within(int64_t at_ms, int64_t now_ms, int64_t seconds)
{
    return at_ms != 0 && now_ms - at_ms < seconds * SECOND;
}

/* A set that is fresh, or was fetched, or has to do because its address does not answer. */
static enum err refresh(struct ctx *cx, struct kept *k, int64_t now)
{
    const bool usable = k->text != NULL && within(k->fetched_ms, now, JWKS_STALE_S);
    if (within(k->tried_ms, now, JWKS_RETRY_S))
        return usable ? OK : ctx_fail(cx, ERR_UNAVAILABLE, "the keys of the token's issuer cannot be had");
    if (fetch(cx, k) == OK || !usable) return cx->err.code;
    ctx_forgive(cx);
    return OK;
}

static enum err find(struct ctx *cx, const struct kept *k, const struct jwt *t, struct jwt_key *out)
{
    const struct json *set;
    TRY(json_parse(cx, k->text, strlen(k->text), JWKS_MAX, &set));
    return jwt_key_of(cx, set, t, out);
}

enum err jwks_key(struct ctx *cx, const char *url, const struct jwt *t, struct jwt_key *out)
{
    const int64_t now = clock_ms();
    if (strlen(url) >= URL_SIZE) return ctx_fail(cx, ERR_INVALID, "the address of keys is too long");
    struct kept *k = place_of(url);
    if (k == NULL || cx->http == NULL) return ctx_fail(cx, ERR_UNAVAILABLE, "keys cannot be fetched here");
    if (k->text == NULL || !within(k->fetched_ms, now, JWKS_FRESH_S)) TRY(refresh(cx, k, now));
    if (find(cx, k, t, out) == OK) return OK;
    if (k->fetched_ms < now && !within(k->asked_ms, now, JWKS_UNKNOWN_S)) { /* the issuer may have taken a new key */
        ctx_forgive(cx);
        k->asked_ms = now;
        if (fetch(cx, k) == OK && find(cx, k, t, out) == OK) return OK;
    }
    ctx_forgive(cx);
    return ctx_fail(cx, ERR_UNAUTHENTICATED, "token: its issuer has no such key");
}
