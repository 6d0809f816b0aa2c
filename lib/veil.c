/* Tokens for numbers, names and texts: made, opened, recognised. */
#include "veil.h"

#include "digest.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16, MARK = 8, HEAD = MARK + 1, LEAST = (SEAL_NONCE + SEAL_TAG) * 4 / 3, AAD_MAX = 80 };

static const char mark[] = "sealed1|", form[] = "sealed=";
static const char kinds[] = { VEIL_NUMBER, VEIL_NAME, VEIL_TEXT, '\0' }, aad_form[] = "metadata:%c:%s";
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void veil_make(struct ctx *cx, const struct seal_keys *keys, const struct seal_data *key, bool on, struct veil *out)
{
    static const char seal[] = "switchhook metadata seal", blind[] = "switchhook metadata blind";
    unsigned char     data[SEAL_KEY];
    *out = (struct veil){ .tenant = key->tenant, .on = on };
    if (key->sealed == NULL) return;
    if (keys == NULL || seal_data_key(cx, keys, key, data) != OK) {
        LOG(LOG_ERROR, "the key of this tenant's metadata cannot be opened", LOG_TEXT("tenant", key->tenant),
            LOG_TEXT("err", keys == NULL ? "no key file" : cx->err.msg));
        ctx_forgive(cx);
        return;
    }
    digest_hmac256(data, sizeof data, seal, sizeof seal - 1, out->seal);
    digest_hmac256(data, sizeof data, blind, sizeof blind - 1, out->blind);
    explicit_bzero(data, sizeof data);
    out->ready = true;
}

/* The base64url characters of a token of n bytes; 0: it is none. */
static size_t body_of(const char *text, size_t n)
{
    if (n < HEAD + LEAST || memcmp(text, mark, MARK) != 0 || strchr(kinds, text[MARK]) == NULL || text[MARK] == '\0')
        return 0;
    for (size_t i = HEAD; i < n; i++)
        if (text[i] == '\0' || strchr(letters, text[i]) == NULL) return 0;
    return n - HEAD;
}

bool veil_is(const char *text)
{
    return body_of(text, strlen(text)) > 0;
}

static char *encode(struct arena *a, char kind, const unsigned char *bytes, size_t n)
{
    char *out = arena_alloc(a, HEAD + n * 4 / 3 + 4), *at = out + HEAD;
    memcpy(out, mark, MARK);
    out[MARK] = kind;
    for (size_t i = 0; i < n; i += 3) {
        const size_t   left = n - i < 3 ? n - i : 3;
        const unsigned v =
            (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0U);
        for (size_t k = 0; k <= left; k++) *at++ = letters[v >> (18 - 6 * k) & 63];
    }
    *at = '\0';
    return out;
}

/* n letters, all of the alphabet; bytes has room for n. 0: not what encode() writes, for each token has one spelling.
 */
static size_t decode(const char *text, size_t n, unsigned char *bytes)
{
    unsigned held = 0, bits = 0;
    size_t   len = 0;
    for (size_t i = 0; i < n; i++) {
        held = held << 6 | (unsigned)(strchr(letters, text[i]) - letters);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes[len++] = (unsigned char)(held >> bits);
        held &= (1U << bits) - 1;
    }
    return held == 0 && bits < 6 ? len : 0;
}

/* n bytes as a token. A failure of OpenSSL leaves no way to go on: nothing may be written in the clear. */
static const char *token(struct ctx *cx, const struct veil *v, enum veil_kind kind, const char *text, size_t n)
{
    const bool     found = kind != VEIL_TEXT;
    const size_t   len = found ? (n + BLOCK - 1) / BLOCK * BLOCK : n;
    unsigned char *plain = arena_alloc(cx->arena, len + 1), hash[DIGEST_SHA256];
    unsigned char *sealed = arena_alloc(cx->arena, SEAL_NONCE + len + SEAL_TAG);
    char           aad[AAD_MAX];
    plain[0] = (unsigned char)kind;
    memcpy(plain + 1, text, n < len ? n : len);
    if (found) digest_hmac256(v->blind, SEAL_KEY, plain, n + 1, hash);
    (void)snprintf(aad, sizeof aad, aad_form, (char)kind, v->tenant);
    const size_t done = seal_gcm(v->seal, found ? hash : NULL, aad, plain + 1, len, sealed);
    if (done == 0) abort();
    return encode(cx->arena, (char)kind, sealed, done);
}

const char *veil_token(struct ctx *cx, const struct veil *v, enum veil_kind kind, const char *text)
{
    return v == NULL || !v->ready || text == NULL ? NULL : token(cx, v, kind, text, strlen(text));
}

const char *veil_seal(struct ctx *cx, const struct veil *v, enum veil_kind kind, const char *text)
{
    if (v == NULL || !v->on || text == NULL || *text == '\0') return text;
    return v->ready ? token(cx, v, kind, text, strlen(text)) : VEIL_LOST;
}

/* The n bytes of a token opened, with a NUL behind them; NULL: none of this veil's. */
static char *opened(struct ctx *cx, const struct veil *v, const char *text, size_t n, size_t *len)
{
    const size_t letters_n = v == NULL || !v->ready ? 0 : body_of(text, n);
    char         aad[AAD_MAX];
    if (letters_n == 0) return NULL;
    unsigned char *sealed = arena_alloc(cx->arena, letters_n), *plain = arena_alloc(cx->arena, letters_n);
    *len = decode(text + HEAD, letters_n, sealed);
    (void)snprintf(aad, sizeof aad, aad_form, text[MARK], v->tenant);
    if (*len < SEAL_NONCE + SEAL_TAG || !seal_gcm_open(v->seal, aad, sealed, *len, plain)) return NULL;
    *len -= SEAL_NONCE + SEAL_TAG;
    return (char *)plain; /* zeroed behind the text: arena_alloc() */
}

const char *veil_open(struct ctx *cx, const struct veil *v, const char *text)
{
    size_t len = 0;
    return text == NULL || !veil_is(text) ? text : opened(cx, v, text, strlen(text), &len);
}

static bool is_form(struct db_bytes b)
{
    return b.n > sizeof form - 1 && memcmp(b.at, form, sizeof form - 1) == 0;
}

struct db_bytes veil_bytes(struct ctx *cx, const struct veil *v, struct db_bytes b)
{
    if (v == NULL || !v->on || b.n == 0) return b;
    if (is_form(b) && body_of((const char *)b.at + sizeof form - 1, b.n - (sizeof form - 1)) > 0) return b;
    const char *text = v->ready ? token(cx, v, VEIL_TEXT, b.at, b.n) : VEIL_LOST;
    text = arena_printf(cx->arena, "%s%s", form, text);
    return (struct db_bytes){ text, strlen(text) };
}

struct db_bytes veil_bytes_open(struct ctx *cx, const struct veil *v, struct db_bytes b)
{
    size_t      len = 0;
    const char *text =
        !is_form(b) ? NULL : opened(cx, v, (const char *)b.at + sizeof form - 1, b.n - (sizeof form - 1), &len);
    return text == NULL ? b : (struct db_bytes){ text, len };
}

static void key_digest(const struct veil *v, void *digest, size_t n)
{
    unsigned char hash[DIGEST_SHA256];
    digest_hmac256(v->blind, SEAL_KEY, digest, n, hash);
    memcpy(digest, hash, n < sizeof hash ? n : sizeof hash);
}

void veil_mark(const struct veil *v, void *digest, size_t n)
{
    if (v != NULL && v->on && v->ready) key_digest(v, digest, n);
}

void veil_digests(struct ctx *cx, const unsigned char digest[DIGEST_SHA256], struct db_bytes *kept,
                  struct db_bytes *other)
{
    const struct veil    *v = cx->veil;
    const struct db_bytes plain = { arena_copy(cx->arena, (const char *)digest, DIGEST_SHA256), DIGEST_SHA256 };
    char                 *keyed = arena_copy(cx->arena, (const char *)digest, DIGEST_SHA256);
    *kept = plain;
    *other = (struct db_bytes){ NULL, 0 };
    if (v == NULL || !v->ready) return;
    key_digest(v, keyed, DIGEST_SHA256);
    *other = v->on ? plain : (struct db_bytes){ keyed, DIGEST_SHA256 };
    if (v->on) kept->at = keyed;
}
