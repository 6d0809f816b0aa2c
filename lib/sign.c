/* X-Twilio-Signature of form, query and JSON requests. */
#include "sign.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

enum { MAC = 20, SIGNATURE = 28, SHA256_HEX = 64 };

static char *append(char *at, const char *s)
{
    size_t n = strlen(s);
    memcpy(at, s, n);
    return at + n;
}

/* The port of the url's host, ":8443", as a slice of the url; an empty one at the host's end if it has none. */
static const char *port_of(const char *url, size_t *len)
{
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    const char *end = host + strcspn(host, "/?#");
    const char *from = *host == '[' ? memchr(host, ']', (size_t)(end - host)) : host;
    const char *colon = from == NULL ? NULL : memchr(from, ':', (size_t)(end - from));
    *len = colon == NULL ? 0 : (size_t)(end - colon);
    return colon == NULL ? end : colon;
}

/* What is signed after the url, NUL-terminated: names and values of the distinct fields in order. */
static const char *fields_of(struct arena *a, const struct form *f)
{
    const struct form sorted = form_sorted(a, f);
    size_t            n = 1;
    for (size_t i = 0; i < sorted.n; i++) n += strlen(sorted.v[i].key) + strlen(sorted.v[i].val);
    char *m = arena_alloc(a, n), *at = m;
    for (size_t i = 0; i < sorted.n; i++) {
        const struct kv *v = &sorted.v[i];
        if (i > 0 && strcmp(v[-1].key, v->key) == 0 && strcmp(v[-1].val, v->val) == 0) continue;
        at = append(append(at, v->key), v->val);
    }
    return m;
}

/* One context for the life of the process: fetching the algorithm costs more than using it. */
static EVP_MAC_CTX *context(void)
{
    static EVP_MAC_CTX *ctx;
    if (ctx == NULL) {
        EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        ctx = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
        EVP_MAC_free(mac);
    }
    return ctx;
}

static bool matches(const char *token, const char *message, const char *fields, const char *signature)
{
    static char          sha1[] = "SHA1";
    const OSSL_PARAM     params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha1, 0),
                                      OSSL_PARAM_construct_end() };
    unsigned char        mac[MAC], want[SIGNATURE + 1];
    size_t               n = 0;
    EVP_MAC_CTX         *ctx = context();
    const unsigned char *key = (const unsigned char *)token;
    const unsigned char *url = (const unsigned char *)message, *rest = (const unsigned char *)fields;
    if (ctx == NULL || token[0] == '\0' || EVP_MAC_init(ctx, key, strlen(token), params) != 1
        || EVP_MAC_update(ctx, url, strlen(message)) != 1 || EVP_MAC_update(ctx, rest, strlen(fields)) != 1
        || EVP_MAC_final(ctx, mac, &n, sizeof mac) != 1 || n != MAC)
        return false;
    (void)EVP_EncodeBlock(want, mac, MAC);
    return CRYPTO_memcmp(want, signature, SIGNATURE) == 0;
}

/* bodySHA256 of the query against the body; the last one counts, for it is Twilio that appends it. */
static bool body_matches(const struct sign_request *r)
{
    static const char name[] = "bodySHA256=", hex[] = "0123456789abcdef";
    const char       *query = strchr(r->url, '?'), *at = NULL;
    unsigned char     md[32];
    unsigned          n = 0;
    char              want[SHA256_HEX];
    for (const char *p = query; p != NULL; p = strchr(p + 1, '&'))
        if (strncmp(p + 1, name, sizeof name - 1) == 0) at = p + sizeof name;
    if (at == NULL || strcspn(at, "&#") != SHA256_HEX) return false;
    if (EVP_Digest(r->body == NULL ? "" : r->body, r->len, md, &n, EVP_sha256(), NULL) != 1 || n != sizeof md)
        return false;
    for (size_t i = 0; i < sizeof md; i++) {
        want[2 * i] = hex[md[i] >> 4];
        want[2 * i + 1] = hex[md[i] & 15];
    }
    return CRYPTO_memcmp(want, at, SHA256_HEX) == 0;
}

/* The url without a port, and with one: its own, else its scheme's. */
static void candidates(struct arena *a, const char *url, const char *out[2])
{
    size_t      len = 0;
    const char *port = port_of(url, &len), *rest = port + len;
    const char *usual = strncmp(url, "https:", 6) == 0 || strncmp(url, "wss:", 4) == 0 ? ":443" : ":80";
    const int   head = (int)(port - url);
    out[0] = arena_printf(a, "%.*s%s", head, url, rest);
    out[1] = len > 0 ? url : arena_printf(a, "%.*s%s%s", head, url, usual, rest);
}

bool sign_valid(struct arena *a, const struct sign_request *r, const char *const *tokens, size_t n)
{
    static const char json[] = "application/json";
    const bool        is_json = strncmp(r->content_type, json, sizeof json - 1) == 0;
    const char       *urls[2], *fields = is_json ? "" : fields_of(a, r->form);
    bool              valid = false;
    if (strlen(r->signature) != SIGNATURE) return false;
    candidates(a, r->url, urls);
    for (size_t t = 0; t < n; t++)
        for (size_t u = 0; u < 2; u++) valid = matches(tokens[t], urls[u], fields, r->signature) || valid;
    return valid && (!is_json || body_matches(r));
}
