/* SHA-256, HMAC and base64 over OpenSSL. A failure of these can only be a broken library: the process ends. */
#include "digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

void digest_sha256(const void *bytes, size_t n, unsigned char out[DIGEST_SHA256])
{
    if (EVP_Digest(bytes, n, out, NULL, EVP_sha256(), NULL) != 1) abort();
}

void digest_hmac256(const void *key, size_t key_len, const void *bytes, size_t n, unsigned char out[DIGEST_SHA256])
{
    unsigned len = 0;
    if (HMAC(EVP_sha256(), key, (int)key_len, bytes, n, out, &len) == NULL || len != DIGEST_SHA256) abort();
}

/* The struct is OpenSSL's own context under our name. */
struct digest *digest_begin(void)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    if (md == NULL || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1) abort();
    return (struct digest *)md;
}

void digest_add(struct digest *d, const void *bytes, size_t n)
{
    if (EVP_DigestUpdate((EVP_MD_CTX *)d, bytes, n) != 1) abort();
}

void digest_end(struct digest *d, unsigned char out[DIGEST_SHA256])
{
    if (EVP_DigestFinal_ex((EVP_MD_CTX *)d, out, NULL) != 1) abort();
    EVP_MD_CTX_free((EVP_MD_CTX *)d);
}

const char *digest_hex(struct arena *a, const void *bytes, size_t n)
{
    static const char    hex[] = "0123456789abcdef";
    const unsigned char *b = bytes;
    char                *out = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = hex[b[i] >> 4];
        out[2 * i + 1] = hex[b[i] & 15];
    }
    return out;
}

bool digest_unhex(const char *text, void *out, size_t n)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char    *b = out;
    if (strlen(text) != 2 * n || strspn(text, hex) != 2 * n) return false;
    for (size_t i = 0; i < n; i++)
        b[i] = (unsigned char)((strchr(hex, text[2 * i]) - hex) * 16 + (strchr(hex, text[2 * i + 1]) - hex));
    return true;
}

const char *digest_base64(struct arena *a, const void *bytes, size_t n)
{
    unsigned char *out = arena_alloc(a, 4 * ((n + 2) / 3) + 1);
    (void)EVP_EncodeBlock(out, bytes, (int)n);
    return (const char *)out;
}

const void *digest_unbase64(struct arena *a, const char *text, size_t *n)
{
    const size_t   len = strlen(text);
    unsigned char *out = arena_alloc(a, len / 4 * 3 + 1);
    if (len == 0 || len > INT32_MAX || EVP_DecodeBlock(out, (const unsigned char *)text, (int)len) < 0) return NULL;
    *n = len / 4 * 3 - (text[len - 1] == '=') - (text[len - 2] == '=');
    return out;
}

bool digest_same(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}
