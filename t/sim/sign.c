/* Signatures, digests and seeded chance, in the simulator's own code. */
#include "sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

static uint64_t  stream, tokens;
static uint64_t *drawn = &stream; /* from which chance() draws */

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    int                c = strcmp(x->name, y->name);
    return c != 0 ? c : strcmp(x->value, y->value);
}

void sign_request(const char *token, const char *url, const struct form *f, char out[32])
{
    struct buf    text = { 0 };
    size_t        n = f != NULL ? f->n : 0;
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned      len = 0;
    struct pair  *v = grow(NULL, n + 1, sizeof *v);
    if (n > 0) memcpy(v, f->v, n * sizeof *v);
    qsort(v, n, sizeof *v, by_pair);
    buf_str(&text, url);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && by_pair(&v[i - 1], &v[i]) == 0) continue;
        buf_str(&text, v[i].name);
        buf_str(&text, v[i].value);
    }
    free(v);
    (void)HMAC(EVP_sha1(), token, (int)strlen(token), (unsigned char *)text.at, text.len, mac, &len);
    (void)EVP_EncodeBlock((unsigned char *)out, mac, 20);
    buf_free(&text);
}

void sha256_hex(const void *p, size_t n, char out[65])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char     md[EVP_MAX_MD_SIZE];
    unsigned          len = 0;
    (void)EVP_Digest(p, n, md, &len, EVP_sha256(), NULL);
    for (unsigned i = 0; i < 32; i++) {
        out[2 * i] = digits[md[i] >> 4];
        out[2 * i + 1] = digits[md[i] & 15];
    }
    out[64] = '\0';
}

int base64_decode(const char *text, unsigned char *out, size_t cap)
{
    size_t n = strlen(text);
    if (n == 0 || n % 4 != 0 || n / 4 * 3 > cap) return -1;
    int len = EVP_DecodeBlock(out, (const unsigned char *)text, (int)n);
    if (len < 0) return -1;
    if (text[n - 1] == '=') len--;
    if (text[n - 2] == '=') len--;
    return len;
}

static uint64_t mix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void chance_seed(uint64_t seed)
{
    stream = seed;
    tokens = ~seed;
}

void chance_from(uint64_t *other)
{
    drawn = other != NULL ? other : &stream;
}

uint64_t chance(void)
{
    return mix(drawn);
}

uint64_t chance_of(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *text != '\0'; text++) h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return mix(&h);
}

const char *chance_sid(const char *prefix)
{
    uint64_t a = chance(), b = chance();
    return keep_fmt("%s%016llx%016llx", prefix, (unsigned long long)a, (unsigned long long)b);
}

const char *chance_uuid(void)
{
    uint64_t a = mix(&tokens), b = mix(&tokens);
    return keep_fmt("%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
                    (unsigned)(a & 0xfff), (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
                    (unsigned long long)(b & 0xffffffffffffu));
}
