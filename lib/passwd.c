/* Passwords: scrypt of OpenSSL. */
#include "passwd.h"

#include "check.h"
#include "digest.h"
#include "id.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LN = 15, R = 8, P = 3, SALT = 16, HASH = 32, LN_MAX = 17, PARAM_MAX = 16 };

struct cost {
    int64_t ln, r, p;
};

/* 128 r N bytes and some: with the library's own limit scrypt fails from N = 2^17 on. */
static bool derive(const char *password, const unsigned char salt[SALT], const struct cost *c, unsigned char out[HASH])
{
    uint64_t n = (uint64_t)1 << c->ln, r = (uint64_t)c->r;
    return EVP_PBE_scrypt(password, strlen(password), salt, SALT, n, r, (uint64_t)c->p, 128 * r * n + (4 << 20), out,
                          HASH)
           == 1;
}

static const char *base64(struct arena *a, const unsigned char *bytes, size_t n)
{
    const char *padded = digest_base64(a, bytes, n);
    return arena_copy(a, padded, strcspn(padded, "="));
}

/* n bytes from base64 without padding; false if text is anything else. */
static bool unbase64(struct arena *a, const char *text, unsigned char *out, size_t n)
{
    const char   *padded = arena_printf(a, "%s%s", text, n % 3 == 1 ? "==" : n % 3 == 2 ? "=" : "");
    unsigned char raw[3 * (HASH / 3 + 1)];
    size_t        len = strlen(padded);
    if (len != (n + 2) / 3 * 4) return false;
    if (EVP_DecodeBlock(raw, (const unsigned char *)padded, (int)len) < (int)n) return false;
    memcpy(out, raw, n);
    return true;
}

enum err passwd_hash(struct ctx *cx, const char *password, const char **out)
{
    const struct cost cost = { LN, R, P };
    unsigned char     salt[SALT], hash[HASH];
    size_t            n = strlen(password);
    if (n < PASSWD_MIN || n > PASSWD_MAX || !check_utf8(password, n))
        return ctx_fail(cx, ERR_INVALID, "password: %d to %d bytes of UTF-8", PASSWD_MIN, PASSWD_MAX);
    id_bytes(salt, sizeof salt);
    if (!derive(password, salt, &cost, hash)) return ctx_fail(cx, ERR_INTERNAL, "scrypt failed");
    *out = arena_printf(cx->arena, "$scrypt$ln=%d,r=%d,p=%d$%s$%s", LN, R, P, base64(cx->arena, salt, SALT),
                        base64(cx->arena, hash, HASH));
    OPENSSL_cleanse(hash, sizeof hash);
    return OK;
}

/* "ln=15,r=8,p=3" within what a stored hash may cost us */
static bool costs(struct arena *a, const char *text, struct cost *out)
{
    static const char *const names[] = { "ln=", "r=", "p=" };
    int64_t                 *to[] = { &out->ln, &out->r, &out->p };
    const int64_t            least[] = { 10, 1, 1 }, most[] = { LN_MAX, PARAM_MAX, PARAM_MAX };
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(names[i]), len = strcspn(text, ",");
        if (len <= n || strncmp(text, names[i], n) != 0) return false;
        if (!check_int(arena_copy(a, text + n, len - n), least[i], most[i], to[i])) return false;
        text += len + (text[len] == ',');
    }
    return *text == '\0';
}

/* The four parts of a stored hash. */
static bool take_apart(struct arena *a, const char *stored, struct cost *cost, unsigned char *salt, unsigned char *hash)
{
    static const char head[] = "$scrypt$";
    if (strncmp(stored, head, sizeof head - 1) != 0) return false;
    const char *one = stored + sizeof head - 1, *two = strchr(one, '$'),
               *three = two == NULL ? NULL : strchr(two + 1, '$');
    return three != NULL && costs(a, arena_copy(a, one, (size_t)(two - one)), cost)
           && unbase64(a, arena_copy(a, two + 1, (size_t)(three - two - 1)), salt, SALT)
           && unbase64(a, three + 1, hash, HASH);
}

bool passwd_valid(struct arena *a, const char *password, const char *stored)
{
    struct cost   cost = { LN, R, P };
    unsigned char salt[SALT] = { 0 }, want[HASH] = { 0 }, got[HASH];
    const size_t  n = strlen(password);
    bool          known = stored != NULL && n <= PASSWD_MAX && take_apart(a, stored, &cost, salt, want);
    if (!known) cost = (struct cost){ LN, R, P };
    bool same = derive(n <= PASSWD_MAX ? password : "", salt, &cost, got) && digest_same(want, got, HASH);
    OPENSSL_cleanse(got, sizeof got);
    return known && same;
}
