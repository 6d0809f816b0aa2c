/* Secrets at rest: a data key a secret, wrapped by a master key; both bound to the place they belong to. */
#include "seal.h"

#include "seal_box.h"

#include "digest.h"
#include "id.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    KEY = SEAL_KEY,
    NONCE = SEAL_NONCE,
    TAG = SEAL_TAG,
    KEYS_MAX = 16,
    KEY_ID = 32,
    FILE_MAX = 4096,
    TEXT_MAX = 8192
};

struct seal_key {
    char          id[KEY_ID];
    unsigned char bytes[KEY];
};

struct seal_keys {
    size_t          n;
    struct seal_key v[KEYS_MAX];
};

/* mlock may be refused by RLIMIT_MEMLOCK; the keys then may reach swap, and nothing else changes. */
static struct seal_keys *keys_new(void)
{
    struct seal_keys *k = mmap(NULL, sizeof *k, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (k == MAP_FAILED) return NULL;
    (void)mlock(k, sizeof *k);
    (void)madvise(k, sizeof *k, MADV_DONTDUMP);
    return k;
}

void seal_forget(struct seal_keys *k)
{
    if (k == NULL) return;
    OPENSSL_cleanse(k, sizeof *k);
    (void)munmap(k, sizeof *k);
}

/* One line "id hex"; an empty one and a comment are fine. */
static bool key_line(struct seal_keys *k, const char *line, size_t n)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL) n--;
    if (n == 0 || line[0] == '#') return true;
    size_t           id = strspn(line, letters), len = 0;
    struct seal_key *key = &k->v[k->n];
    char             hex[2 * KEY + 1] = "";
    if (k->n == KEYS_MAX || id == 0 || id >= KEY_ID || n != id + 1 + 2 * KEY || line[id] != ' ') return false;
    memcpy(hex, line + id + 1, 2 * KEY);
    bool good = OPENSSL_hexstr2buf_ex(key->bytes, KEY, &len, hex, '\0') == 1 && len == KEY;
    OPENSSL_cleanse(hex, sizeof hex);
    memcpy(key->id, line, id);
    k->n += good;
    return good;
}

static enum err keys_parse(struct ctx *cx, const char *path, const char *text, struct seal_keys *k)
{
    for (int line = 1; *text != '\0'; line++) {
        size_t n = strcspn(text, "\n");
        if (!key_line(k, text, n))
            return ctx_fail(cx, ERR_INVALID, "%s line %d: expected an id and 64 hex digits", path, line);
        text += n + (text[n] == '\n');
    }
    return k->n > 0 ? OK : ctx_fail(cx, ERR_INVALID, "%s: no key in it", path);
}

/* Reads the file into text; the caller cleanses it. */
static enum err keys_slurp(struct ctx *cx, const char *path, char text[FILE_MAX + 1])
{
    struct stat st;
    int         fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return ctx_fail(cx, ERR_INVALID, "%s: %s", path, strerror(errno));
    ssize_t  n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, text, FILE_MAX + 1) : -1;
    unsigned mode = n < 0 ? 0 : st.st_mode & 07777;
    (void)close(fd); /* nothing was written */
    if (n < 0) return ctx_fail(cx, ERR_INVALID, "%s: not a readable file", path);
    if (n > FILE_MAX) return ctx_fail(cx, ERR_TOO_LARGE, "%s: over %d bytes", path, FILE_MAX);
    if ((mode & ~0640U) != 0)
        return ctx_fail(cx, ERR_INVALID, "%s: mode %04o; others may not read a key file: chmod 0400", path, mode);
    text[n] = '\0';
    return OK;
}

enum err seal_keys_read(struct ctx *cx, const char *path, struct seal_keys **out)
{
    char              text[FILE_MAX + 1];
    struct seal_keys *k = keys_new();
    if (k == NULL) return ctx_fail(cx, ERR_INTERNAL, "no memory for keys");
    enum err e = keys_slurp(cx, path, text);
    if (e == OK) e = keys_parse(cx, path, text, k);
    OPENSSL_cleanse(text, sizeof text);
    if (e != OK) seal_forget(k);
    else *out = k;
    return e;
}

/* ---- AES-256-GCM: nonce, ciphertext and tag in one piece ---- */

size_t seal_gcm(const unsigned char key[KEY], const unsigned char *nonce, const char *aad, const void *plain, size_t n,
                unsigned char *out)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int             len = 0, done = 0;
    if (nonce != NULL) memcpy(out, nonce, NONCE);
    else id_bytes(out, NONCE);
    bool ok = c != NULL && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, out) == 1
              && EVP_EncryptUpdate(c, NULL, &len, (const unsigned char *)aad, (int)strlen(aad)) == 1
              && EVP_EncryptUpdate(c, out + NONCE, &done, plain, (int)n) == 1
              && EVP_EncryptFinal_ex(c, out + NONCE + done, &len) == 1
              && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + n) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok ? NONCE + n + TAG : 0;
}

bool seal_gcm_open(const unsigned char key[KEY], const char *aad, const unsigned char *sealed, size_t n,
                   unsigned char *out)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int             len = 0, done = 0;
    unsigned char   tag[TAG];
    if (n >= NONCE + TAG) memcpy(tag, sealed + n - TAG, TAG);
    bool ok = c != NULL && n >= NONCE + TAG && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, sealed) == 1
              && EVP_DecryptUpdate(c, NULL, &len, (const unsigned char *)aad, (int)strlen(aad)) == 1
              && EVP_DecryptUpdate(c, out, &done, sealed + NONCE, (int)(n - NONCE - TAG)) == 1
              && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1
              && EVP_DecryptFinal_ex(c, out + done, &len) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok;
}

enum err seal_text(struct ctx *cx, const struct seal_keys *k, const char *place, const char *text, const char **out)
{
    const struct seal_key *master = &k->v[k->n - 1];
    unsigned char          data[KEY], wrapped[NONCE + KEY + TAG];
    size_t                 n = strlen(text), w, s;
    if (n > TEXT_MAX) return ctx_fail(cx, ERR_TOO_LARGE, "a secret over %d bytes", TEXT_MAX);
    unsigned char *sealed = arena_alloc(cx->arena, NONCE + n + TAG);
    id_bytes(data, sizeof data);
    w = seal_gcm(master->bytes, NULL, place, data, KEY, wrapped);
    s = seal_gcm(data, NULL, place, text, n, sealed);
    OPENSSL_cleanse(data, sizeof data);
    if (w == 0 || s == 0) return ctx_fail(cx, ERR_INTERNAL, "sealing failed");
    *out = arena_printf(cx->arena, "enc1|%s|%s|%s", master->id, digest_base64(cx->arena, wrapped, w),
                        digest_base64(cx->arena, sealed, s));
    return OK;
}

/* n characters of base64 with padding; false if they are none. */
static bool base64(struct arena *a, const char *s, size_t n, unsigned char **out, size_t *len)
{
    size_t pad = n >= 2 ? (s[n - 1] == '=') + (size_t)(s[n - 2] == '=') : 0;
    *out = arena_alloc(a, n + 4);
    if (n == 0 || n % 4 != 0 || n > 2 * TEXT_MAX) return false;
    if (EVP_DecodeBlock(*out, (const unsigned char *)s, (int)n) != (int)(n / 4 * 3)) return false;
    *len = n / 4 * 3 - pad;
    return true;
}

enum err seal_box(struct ctx *cx, const unsigned char key[SEAL_KEY], const char *place, const char *text,
                  const char **out)
{
    size_t n = strlen(text);
    if (n > TEXT_MAX) return ctx_fail(cx, ERR_TOO_LARGE, "a secret over %d bytes", TEXT_MAX);
    unsigned char *sealed = arena_alloc(cx->arena, NONCE + n + TAG);
    size_t         len = seal_gcm(key, NULL, place, text, n, sealed);
    if (len == 0) return ctx_fail(cx, ERR_INTERNAL, "sealing failed");
    *out = digest_base64(cx->arena, sealed, len);
    return OK;
}

bool seal_unbox(struct ctx *cx, const unsigned char key[SEAL_KEY], const char *place, const char *box, const char **out)
{
    unsigned char *sealed;
    size_t         n = 0;
    if (!base64(cx->arena, box, strlen(box), &sealed, &n) || n < NONCE + TAG) return false;
    char *plain = arena_alloc(cx->arena, n);
    *out = plain;
    return seal_gcm_open(key, place, sealed, n, (unsigned char *)plain);
}

const char *seal_id(const struct seal_keys *k, size_t i)
{
    return i < k->n ? k->v[k->n - 1 - i].id : NULL;
}

static const struct seal_key *key_of(const struct seal_keys *k, const char *id, size_t n)
{
    for (size_t i = 0; i < k->n; i++)
        if (strlen(k->v[i].id) == n && memcmp(k->v[i].id, id, n) == 0) return &k->v[i];
    return NULL;
}

const char *seal_mac(struct arena *a, const struct seal_keys *k, const char *id, const char *purpose, const char *text)
{
    unsigned char          key[DIGEST_SHA256], mac[DIGEST_SHA256];
    const struct seal_key *master = key_of(k, id, strlen(id));
    if (master == NULL) return NULL;
    digest_hmac256(master->bytes, KEY, purpose, strlen(purpose), key);
    digest_hmac256(key, sizeof key, text, strlen(text), mac);
    OPENSSL_cleanse(key, sizeof key);
    return digest_hex(a, mac, sizeof mac);
}

enum err seal_open(struct ctx *cx, const struct seal_keys *k, const char *place, const char *sealed, const char **out)
{
    unsigned char          data[KEY], *wrapped, *text;
    size_t                 w, n;
    const char            *id = strncmp(sealed, "enc1|", 5) == 0 ? sealed + 5 : NULL;
    const char            *one = id == NULL ? NULL : strchr(id, '|'), *two = one == NULL ? NULL : strchr(one + 1, '|');
    const struct seal_key *master = two == NULL ? NULL : key_of(k, id, (size_t)(one - id));
    if (two == NULL) return ctx_fail(cx, ERR_INVALID, "%s: not a sealed secret", place);
    if (master == NULL)
        return ctx_fail(cx, ERR_INVALID, "%s: sealed by key %.*s, which the key file does not have", place,
                        (int)(one - id < KEY_ID ? one - id : KEY_ID), id);
    bool ok = base64(cx->arena, one + 1, (size_t)(two - one - 1), &wrapped, &w) && w == NONCE + KEY + TAG
              && base64(cx->arena, two + 1, strlen(two + 1), &text, &n) && n >= NONCE + TAG
              && seal_gcm_open(master->bytes, place, wrapped, w, data);
    char *plain = arena_alloc(cx->arena, ok ? n : 1);
    ok = ok && seal_gcm_open(data, place, text, n, (unsigned char *)plain);
    OPENSSL_cleanse(data, sizeof data);
    if (!ok) return ctx_fail(cx, ERR_INVALID, "%s: sealed elsewhere, or tampered with", place);
    *out = plain;
    return OK;
}
