/* Tenants' data keys: one a tenant, sealed by a master key; without it the tenant's secrets are noise. */
#include "digest.h"
#include "id.h"
#include "seal.h"
#include "seal_box.h"

#include <string.h>

enum { MARK = 8 }; /* hex digits of a key's SHA-256: names the key, and tells nothing of 256 random bits */

static const char head[] = "enc2|";

static const char *place_of(struct ctx *cx, const char *tenant)
{
    return arena_printf(cx->arena, "tenant_keys.sealed:%s", tenant);
}

enum err seal_data_make(struct ctx *cx, const struct seal_keys *k, const char *tenant, const char **sealed)
{
    unsigned char key[SEAL_KEY];
    id_bytes(key, sizeof key);
    const char *hex = digest_hex(cx->arena, key, sizeof key);
    explicit_bzero(key, sizeof key);
    return seal_text(cx, k, place_of(cx, tenant), hex, sealed);
}

enum err seal_data_renew(struct ctx *cx, const struct seal_keys *k, struct seal_data *d)
{
    const char *hex, *place = place_of(cx, d->tenant);
    TRY(seal_open(cx, k, place, d->sealed, &hex));
    return seal_text(cx, k, place, hex, &d->sealed);
}

static bool unhex(const char *hex, unsigned char key[SEAL_KEY])
{
    static const char digits[] = "0123456789abcdef";
    if (strlen(hex) != 2 * SEAL_KEY || strspn(hex, digits) != 2 * SEAL_KEY) return false;
    for (size_t i = 0; i < SEAL_KEY; i++)
        key[i] =
            (unsigned char)((strchr(digits, hex[2 * i]) - digits) * 16 + (strchr(digits, hex[2 * i + 1]) - digits));
    return true;
}

/* The key itself, and the mark that names it. The caller wipes the key. */
static enum err unlock(struct ctx *cx, const struct seal_keys *k, const struct seal_data *d,
                       unsigned char key[SEAL_KEY], const char **mark)
{
    unsigned char hash[DIGEST_SHA256];
    const char   *hex;
    if (d->sealed == NULL) return ctx_fail(cx, ERR_INVALID, "the tenant has no key: it was never made, or is shredded");
    TRY(seal_open(cx, k, place_of(cx, d->tenant), d->sealed, &hex));
    if (!unhex(hex, key)) return ctx_fail(cx, ERR_INVALID, "tenant_keys.sealed: not a key");
    digest_sha256(key, SEAL_KEY, hash);
    *mark = arena_copy(cx->arena, digest_hex(cx->arena, hash, sizeof hash), MARK);
    return OK;
}

enum err seal_data_key(struct ctx *cx, const struct seal_keys *k, const struct seal_data *d,
                       unsigned char key[SEAL_KEY])
{
    const char *mark;
    return unlock(cx, k, d, key, &mark);
}

enum err seal_data_text(struct ctx *cx, const struct seal_keys *k, const struct seal_data *d, const char *place,
                        const char *text, const char **out)
{
    unsigned char key[SEAL_KEY];
    const char   *mark, *box = NULL;
    TRY(unlock(cx, k, d, key, &mark));
    enum err e = seal_box(cx, key, place, text, &box);
    explicit_bzero(key, sizeof key);
    if (e == OK) *out = arena_printf(cx->arena, "%s%s|%s", head, mark, box);
    return e;
}

enum err seal_data_open(struct ctx *cx, const struct seal_keys *k, const struct seal_data *d, const char *place,
                        const char *sealed, const char **out)
{
    unsigned char key[SEAL_KEY];
    const char   *mark, *text = NULL, *rest = sealed + sizeof head - 1;
    if (strncmp(sealed, head, sizeof head - 1) != 0) return seal_open(cx, k, place, sealed, out);
    TRY(unlock(cx, k, d, key, &mark));
    const bool named = strncmp(rest, mark, MARK) == 0 && rest[MARK] == '|';
    const bool good = named && seal_unbox(cx, key, place, rest + MARK + 1, &text);
    explicit_bzero(key, sizeof key);
    if (!named) return ctx_fail(cx, ERR_INVALID, "%s: sealed with another key of the tenant", place);
    if (!good) return ctx_fail(cx, ERR_INVALID, "%s: sealed elsewhere, or tampered with", place);
    *out = text;
    return OK;
}
