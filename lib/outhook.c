/* Webhooks out: the rules, without the network. */
#include "outhook.h"

#include "buf.h"
#include "digest.h"
#include "id.h"

#include <string.h>

enum { SECRET_BYTES = 32, DAY_S = 24 * 60 * 60, SIGNATURES_MAX = 512 };

static const char prefix[] = "whsec_";

/* Seconds between an attempt and the next one: three days in all. */
static const int64_t pauses_s[OUTHOOK_ATTEMPTS - 1] = { 5,         5 * 60,    30 * 60,   2 * 3600, 5 * 3600,
                                                        10 * 3600, 14 * 3600, 20 * 3600, DAY_S };

const char *outhook_secret(struct arena *a)
{
    unsigned char key[SECRET_BYTES];
    id_bytes(key, sizeof key);
    return arena_printf(a, "%s%s", prefix, digest_base64(a, key, sizeof key));
}

const char *outhook_place(struct arena *a, const char *endpoint)
{
    return arena_printf(a, "webhook_endpoints.secret:%s", endpoint);
}

enum err outhook_sign(struct ctx *cx, const char *const *secrets, size_t n, const char *id, int64_t timestamp_s,
                      const char *body, const char **out)
{
    const char *signed_text = arena_printf(cx->arena, "%s.%lld.%s", id, (long long)timestamp_s, body);
    struct buf  b = buf_new(cx->arena, SIGNATURES_MAX);
    for (size_t i = 0; i < n; i++) {
        unsigned char mac[DIGEST_SHA256];
        size_t        len = 0;
        if (secrets[i] == NULL) continue;
        const void *key = strncmp(secrets[i], prefix, sizeof prefix - 1) == 0
                              ? digest_unbase64(cx->arena, secrets[i] + sizeof prefix - 1, &len)
                              : NULL;
        if (key == NULL) return ctx_fail(cx, ERR_INVALID, "the endpoint's secret is none");
        digest_hmac256(key, len, signed_text, strlen(signed_text), mac);
        buf_printf(&b, "%sv1,%s", b.len > 0 ? " " : "", digest_base64(cx->arena, mac, sizeof mac));
    }
    *out = b.at;
    return OK;
}

enum outhook_fate outhook_next(int n, int status, int64_t retry_after_s, uint64_t spin, int64_t *pause_ms)
{
    if (status >= 200 && status < 300) return OUTHOOK_DELIVERED;
    if (status == 410 || n >= OUTHOOK_ATTEMPTS) return OUTHOOK_FAILED;
    const int64_t pause = pauses_s[n < 1 ? 0 : n - 1] * 1000, asked = retry_after_s > DAY_S ? DAY_S : retry_after_s;
    *pause_ms = pause - pause / 10 + (int64_t)(spin % (uint64_t)(pause / 5 + 1));
    if ((status == 429 || status == 503) && asked * 1000 > *pause_ms) *pause_ms = asked * 1000;
    return OUTHOOK_RETRY;
}
