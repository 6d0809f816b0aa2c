/* Keys of tokens: JSON Web Keys and the signatures they verify. https://www.rfc-editor.org/rfc/rfc7517 */
#include "jwt_key.h"

#include "digest.h"
#include "limit.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

enum { P256 = 32, POINT = 1 + 2 * P256, DER_MAX = 80 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const char *jwt_base64(struct arena *a, const void *bytes, size_t n)
{
    char *s = arena_strdup(a, digest_base64(a, bytes, n));
    for (char *c = s; *c != '\0'; c++) {
        if (*c == '+') *c = '-';
        else if (*c == '/') *c = '_';
        else if (*c == '=') *c = '\0';
    }
    return s;
}

bool jwt_unbase64(struct arena *a, const char *s, size_t n, unsigned char **out, size_t *len)
{
    unsigned char *to = arena_alloc(a, n / 4 * 3 + 4);
    unsigned       bits = 0, held = 0;
    *len = 0;
    *out = to;
    if (n % 4 == 1) return false;
    for (size_t i = 0; i < n; i++) {
        const char *c = s[i] == '\0' ? NULL : strchr(alphabet, s[i]);
        if (c == NULL) return false;
        bits = (bits << 6 | (unsigned)(c - alphabet)) & 0xFFFFFu;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        to[(*len)++] = (unsigned char)(bits >> held);
    }
    return (bits & ((1u << held) - 1)) == 0;
}

/* ---- choosing a key ---- */

static bool member(const struct json *jwk, const char *name, const char *want)
{
    const char *v = json_text(json_get(jwk, name));
    return v != NULL && strcmp(v, want) == 0;
}

/* Absent, or that text. */
static bool at_most(const struct json *jwk, const char *name, const char *want)
{
    return json_get(jwk, name) == NULL || member(jwk, name, want);
}

static bool number(struct ctx *cx, const struct json *jwk, const char *name, const unsigned char **out, size_t *len)
{
    const char    *text = json_text(json_get(jwk, name));
    unsigned char *bytes;
    if (text == NULL || strlen(text) > JWT_MAX || !jwt_unbase64(cx->arena, text, strlen(text), &bytes, len))
        return false;
    *out = bytes;
    return *len > 0;
}

/* RSA of a size that is neither weak nor a burden; an exponent below 3 signs nothing, an even one is no key. */
static bool rsa(struct ctx *cx, const struct json *jwk, struct jwt_key *k)
{
    k->alg = JWT_RS256;
    return member(jwk, "kty", "RSA") && number(cx, jwk, "n", &k->a, &k->a_len) && number(cx, jwk, "e", &k->b, &k->b_len)
           && k->a_len >= JWT_RSA_MIN && k->a_len <= JWT_RSA_MAX && k->a[0] != 0 && k->b_len <= 4 && k->b[0] != 0
           && (k->b[k->b_len - 1] & 1) == 1 && !(k->b_len == 1 && k->b[0] == 1);
}

static bool p256(struct ctx *cx, const struct json *jwk, struct jwt_key *k)
{
    k->alg = JWT_ES256;
    return member(jwk, "kty", "EC") && member(jwk, "crv", "P-256") && number(cx, jwk, "x", &k->a, &k->a_len)
           && number(cx, jwk, "y", &k->b, &k->b_len) && k->a_len == P256 && k->b_len == P256;
}

static bool fits(struct ctx *cx, const struct json *jwk, const struct jwt *t, struct jwt_key *k)
{
    if (!at_most(jwk, "use", "sig") || !at_most(jwk, "alg", t->alg)) return false;
    if (t->kid != NULL && !member(jwk, "kid", t->kid)) return false;
    if (strcmp(t->alg, "RS256") == 0) return rsa(cx, jwk, k);
    return strcmp(t->alg, "ES256") == 0 && p256(cx, jwk, k); /* HS256: a public key is no secret */
}

enum err jwt_key_of(struct ctx *cx, const struct json *set, const struct jwt *t, struct jwt_key *out)
{
    const struct json *keys = json_get(set, "keys");
    size_t             found = 0, seen = 0;
    if (json_type(keys) != JSON_ARRAY) return ctx_fail(cx, ERR_MALFORMED, "no set of keys");
    for (const struct json *k = json_first(keys); k != NULL && seen < JWT_KEYS_MAX; k = json_next(k), seen++) {
        struct jwt_key one = { 0 };
        if (!fits(cx, k, t, &one)) continue;
        if (found++ == 0) *out = one;
    }
    if (found == 0 || (t->kid == NULL && found > 1)) return ctx_fail(cx, ERR_NOT_FOUND, "no key fits the token");
    return OK;
}

/* ---- signatures ---- */

/* The key as OpenSSL has it, from the parameters of its type; NULL: not a key, such as a point off the curve. */
static EVP_PKEY *build(const char *type, OSSL_PARAM_BLD *b)
{
    EVP_PKEY     *key = NULL;
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL_PARAM   *params = OSSL_PARAM_BLD_to_param(b);
    if (c == NULL || params == NULL || EVP_PKEY_fromdata_init(c) != 1
        || EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    EVP_PKEY_CTX_free(c);
    return key;
}

static EVP_PKEY *rsa_key(const struct jwt_key *k)
{
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    BIGNUM         *n = BN_bin2bn(k->a, (int)k->a_len, NULL), *e = BN_bin2bn(k->b, (int)k->b_len, NULL);
    EVP_PKEY       *key = NULL;
    if (b != NULL && n != NULL && e != NULL && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) == 1
        && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        key = build("RSA", b);
    OSSL_PARAM_BLD_free(b);
    BN_free(n);
    BN_free(e);
    return key;
}

static EVP_PKEY *p256_key(const struct jwt_key *k)
{
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    unsigned char   point[POINT] = { 4 }; /* uncompressed */
    EVP_PKEY       *key = NULL;
    memcpy(point + 1, k->a, P256);
    memcpy(point + 1 + P256, k->b, P256);
    if (b != NULL && OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point) == 1)
        key = build("EC", b);
    OSSL_PARAM_BLD_free(b);
    return key;
}

/* The two numbers of an ES256 signature as OpenSSL wants them; 0: they are none.
 * https://www.rfc-editor.org/rfc/rfc7518#section-3.4 */
static size_t der(const struct jwt *t, unsigned char out[DER_MAX])
{
    ECDSA_SIG     *sig = ECDSA_SIG_new();
    BIGNUM        *r = NULL, *s = NULL;
    unsigned char *at = out;
    int            n = 0;
    if (t->signature_len == sizeof(unsigned char[2 * P256])) {
        r = BN_bin2bn(t->signature, P256, NULL);
        s = BN_bin2bn(t->signature + P256, P256, NULL);
    }
    if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s) == 1) n = i2d_ECDSA_SIG(sig, &at);
    else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(sig);
    return n > 0 ? (size_t)n : 0;
}

bool jwt_key_verify(const struct jwt_key *k, const struct jwt *t)
{
    unsigned char        bytes[DER_MAX];
    const bool           ec = k->alg == JWT_ES256;
    const unsigned char *sig = ec ? bytes : t->signature;
    const size_t         n = ec ? der(t, bytes) : t->signature_len;
    EVP_PKEY            *key = n == 0 ? NULL : ec ? p256_key(k) : rsa_key(k);
    EVP_MD_CTX          *md = EVP_MD_CTX_new();
    const bool           good = key != NULL && md != NULL && (ec || n == k->a_len)
                      && EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 /* RSA: PKCS #1 v1.5 */
                      && EVP_DigestVerify(md, sig, n, (const unsigned char *)t->text, t->signed_len) == 1;
    EVP_MD_CTX_free(md);
    EVP_PKEY_free(key);
    return good;
}
