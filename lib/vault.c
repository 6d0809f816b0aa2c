/* Files at rest, chunk by chunk. https://nvlpubs.nist.gov/nistpubs/Legacy/SP/nistspecialpublication800-38d.pdf */
#include "vault.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>

enum { NONCE = 12, AAD = VAULT_HEAD + 8 };

static const unsigned char magic[8] = { 'S', 'W', 'H', 'K', 'R', 'E', 'C', '1' };

/* One pass over a file. */
struct pass {
    struct ctx          *cx;
    FILE                *from, *to;
    const unsigned char *key;
    EVP_CIPHER_CTX      *cipher;
    int64_t              size;     /* plain bytes in all */
    unsigned char        aad[AAD]; /* the head, and the number of the chunk */
    unsigned char       *in, *out;
};

static void put(unsigned char *to, uint64_t v)
{
    for (int i = 0; i < 8; i++) to[i] = (unsigned char)(v >> 8 * (7 - i) & 0xFF);
}

static uint64_t get(const unsigned char *from)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) v = v << 8 | from[i];
    return v;
}

static enum err disk(struct ctx *cx)
{
    return ctx_fail(cx, ERR_INTERNAL, "a recording's file cannot be read or written");
}

static enum err altered(struct ctx *cx)
{
    return ctx_fail(cx, ERR_INVALID, "a recording's file was altered, or its key is another");
}

/* The nonce is the chunk's number: a key seals one file alone. */
static void number(struct pass *p, uint64_t i, unsigned char nonce[NONCE])
{
    memset(nonce, 0, NONCE);
    put(nonce + NONCE - 8, i);
    put(p->aad + VAULT_HEAD, i);
}

static bool lock_chunk(struct pass *p, uint64_t i, size_t n)
{
    unsigned char nonce[NONCE];
    int           len = 0;
    number(p, i, nonce);
    return EVP_EncryptInit_ex(p->cipher, EVP_aes_256_gcm(), NULL, p->key, nonce) == 1
           && EVP_EncryptUpdate(p->cipher, NULL, &len, p->aad, AAD) == 1
           && EVP_EncryptUpdate(p->cipher, p->out, &len, p->in, (int)n) == 1
           && EVP_EncryptFinal_ex(p->cipher, p->out + n, &len) == 1
           && EVP_CIPHER_CTX_ctrl(p->cipher, EVP_CTRL_GCM_GET_TAG, VAULT_TAG, p->out + n) == 1;
}

static bool unlock_chunk(struct pass *p, uint64_t i, size_t n)
{
    unsigned char nonce[NONCE];
    int           len = 0;
    number(p, i, nonce);
    return EVP_DecryptInit_ex(p->cipher, EVP_aes_256_gcm(), NULL, p->key, nonce) == 1
           && EVP_DecryptUpdate(p->cipher, NULL, &len, p->aad, AAD) == 1
           && EVP_DecryptUpdate(p->cipher, p->out, &len, p->in, (int)n) == 1
           && EVP_CIPHER_CTX_ctrl(p->cipher, EVP_CTRL_GCM_SET_TAG, VAULT_TAG, p->in + n) == 1
           && EVP_DecryptFinal_ex(p->cipher, p->out + n, &len) == 1;
}

static enum err lock_all(struct pass *p)
{
    for (int64_t at = 0, i = 0; at < p->size; at += VAULT_CHUNK, i++) {
        size_t n = p->size - at < VAULT_CHUNK ? (size_t)(p->size - at) : VAULT_CHUNK;
        if (fread(p->in, 1, n, p->from) != n) return disk(p->cx);
        if (!lock_chunk(p, (uint64_t)i, n)) return ctx_fail(p->cx, ERR_INTERNAL, "encryption failed");
        if (fwrite(p->out, 1, n + VAULT_TAG, p->to) != n + VAULT_TAG) return disk(p->cx);
    }
    return OK;
}

static enum err unlock_all(struct pass *p)
{
    for (int64_t at = 0, i = 0; at < p->size; at += VAULT_CHUNK, i++) {
        size_t n = p->size - at < VAULT_CHUNK ? (size_t)(p->size - at) : VAULT_CHUNK;
        if (fread(p->in, 1, n + VAULT_TAG, p->from) != n + VAULT_TAG) return altered(p->cx);
        if (!unlock_chunk(p, (uint64_t)i, n)) return altered(p->cx);
        if (fwrite(p->out, 1, n, p->to) != n) return disk(p->cx);
    }
    return fgetc(p->from) == EOF ? OK : altered(p->cx);
}

static enum err run(struct pass *p, enum err (*all)(struct pass *))
{
    p->in = arena_alloc(p->cx->arena, VAULT_CHUNK + VAULT_TAG);
    p->out = arena_alloc(p->cx->arena, VAULT_CHUNK + VAULT_TAG);
    p->cipher = EVP_CIPHER_CTX_new();
    enum err e = p->cipher == NULL ? ctx_fail(p->cx, ERR_INTERNAL, "no memory for a cipher") : all(p);
    EVP_CIPHER_CTX_free(p->cipher);
    return e == OK && fflush(p->to) != 0 ? disk(p->cx) : e;
}

enum err vault_lock(struct ctx *cx, FILE *from, FILE *to, const unsigned char key[VAULT_KEY])
{
    struct pass p = { .cx = cx, .from = from, .to = to, .key = key };
    if (fseeko(from, 0, SEEK_END) != 0 || (p.size = (int64_t)ftello(from)) < 0) return disk(cx);
    rewind(from);
    rewind(to);
    memcpy(p.aad, magic, sizeof magic);
    put(p.aad + 8, VAULT_CHUNK);
    put(p.aad + 16, (uint64_t)p.size);
    if (fwrite(p.aad, 1, VAULT_HEAD, to) != VAULT_HEAD) return disk(cx);
    return run(&p, lock_all);
}

enum err vault_unlock(struct ctx *cx, FILE *from, FILE *to, const unsigned char key[VAULT_KEY])
{
    struct pass p = { .cx = cx, .from = from, .to = to, .key = key };
    rewind(from);
    rewind(to);
    if (fread(p.aad, 1, VAULT_HEAD, from) != VAULT_HEAD || memcmp(p.aad, magic, sizeof magic) != 0
        || get(p.aad + 8) != VAULT_CHUNK || get(p.aad + 16) > INT64_MAX / 2)
        return altered(cx);
    p.size = (int64_t)get(p.aad + 16);
    return run(&p, unlock_all);
}
