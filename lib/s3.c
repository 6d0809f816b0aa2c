/* AWS Signature Version 4, and the four requests we make. */
#include "s3.h"

#include "clock.h"
#include "config.h"
#include "digest.h"
#include "http.h"
#include "limit.h"

#include <string.h>

enum { DATE = 8, MOMENT = 16, BLOCK = 64 * 1024, REPLY_MAX = 64 * 1024, STORING_S = 60 };

static const char algorithm[] = "AWS4-HMAC-SHA256", unsigned_payload[] = "UNSIGNED-PAYLOAD";

enum err s3_load(struct ctx *cx, struct s3 *out)
{
    const struct config *c = cx->cfg;
    if (c->s3_endpoint == NULL || c->s3_access_key_id == NULL || c->s3_secret_access_key == NULL)
        return ctx_fail(cx, ERR_NOT_CONFIGURED, "S3_ENDPOINT or a part of its key is not set");
    *out = (struct s3){ .endpoint = c->s3_endpoint,
                        .bucket = c->s3_bucket,
                        .region = c->s3_region,
                        .id = c->s3_access_key_id,
                        .secret = c->s3_secret_access_key };
    return OK;
}

/* "20130524T000000Z" */
static const char *moment_of(struct arena *a, int64_t unix_ms)
{
    const char *t = clock_rfc3339(a, unix_ms);
    return arena_printf(a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", t, t + 5, t + 8, t + 11, t + 14, t + 17);
}

static const char *scope_of(struct arena *a, const struct s3 *s, const char *moment)
{
    return arena_printf(a, "%.*s/%s/s3/aws4_request", DATE, moment, s->region);
}

static const char *sha_hex(struct arena *a, const void *bytes, size_t n)
{
    unsigned char hash[DIGEST_SHA256];
    digest_sha256(bytes, n, hash);
    return digest_hex(a, hash, sizeof hash);
}

const char *s3_sign(struct arena *a, const struct s3 *s, const struct s3_request *rq, const char *moment)
{
    unsigned char key[DIGEST_SHA256];
    const char   *words[] = { s->region, "s3", "aws4_request" };
    const char   *canonical = arena_printf(a, "%s\n%s\n%s\nhost:%s\n%s\nhost%s%s\n%s", rq->method, rq->path, rq->query,
                                           rq->host, rq->headers, *rq->names == 0 ? "" : ";", rq->names, rq->payload);
    const char   *text = arena_printf(a, "%s\n%s\n%s\n%s", algorithm, moment, scope_of(a, s, moment),
                                      sha_hex(a, canonical, strlen(canonical)));
    const char   *first = arena_printf(a, "AWS4%s", s->secret);
    digest_hmac256(first, strlen(first), moment, DATE, key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        digest_hmac256(key, sizeof key, words[i], strlen(words[i]), key);
    digest_hmac256(key, sizeof key, text, strlen(text), key);
    return digest_hex(a, key, sizeof key);
}

static const char *host_of(const struct s3 *s)
{
    return strstr(s->endpoint, "://") + 3;
}

static const char *path_of(struct arena *a, const struct s3 *s, const char *key)
{
    return s->bucket == NULL ? arena_printf(a, "/%s", key) : arena_printf(a, "/%s/%s", s->bucket, key);
}

const char *s3_link(struct arena *a, const struct s3 *s, const char *key, int seconds, int64_t unix_ms)
{
    const char *moment = moment_of(a, unix_ms);
    const char *query =
        arena_printf(a,
                     "X-Amz-Algorithm=%s&X-Amz-Credential=%s%%2F%.*s%%2F%s%%2Fs3%%2Faws4_request&X-Amz-Date=%s%s%d%s",
                     algorithm, s->id, DATE, moment, s->region, moment, "&X-Amz-Expires=", seconds,
                     "&X-Amz-SignedHeaders=host");
    const struct s3_request rq = { "GET", host_of(s), path_of(a, s, key), query, "", "", unsigned_payload };
    return arena_printf(a, "%s?%s&X-Amz-Signature=%s", rq.path, query, s3_sign(a, s, &rq, moment));
}

static enum err answered(struct ctx *cx, int status)
{
    if (status >= 200 && status < 300) return OK;
    if (status == 404) return ctx_fail(cx, ERR_NOT_FOUND, "the storage has no such object (404)");
    if (status == 401 || status == 403)
        return ctx_fail(cx, ERR_UPSTREAM_AUTH, "the storage refused S3_ACCESS_KEY_ID or its secret (%d)", status);
    return ctx_fail(cx, ERR_UPSTREAM, "the storage answered %d", status);
}

/* payload: SHA-256 of the body in hex. */
static enum err ask(struct ctx *cx, const struct s3 *s, const char *method, const char *key, const char *payload,
                    struct http_request *http)
{
    struct arena           *a = cx->arena;
    struct http_reply       reply;
    const char             *moment = moment_of(a, clock_unix_ms());
    const struct s3_request rq = {
        .method = method,
        .host = host_of(s),
        .path = path_of(a, s, key),
        .query = "",
        .headers = arena_printf(a, "x-amz-content-sha256:%s\nx-amz-date:%s\n", payload, moment),
        .names = "x-amz-content-sha256;x-amz-date",
        .payload = payload,
    };
    const char *const head[] = {
        arena_printf(a, "Authorization: %s Credential=%s/%s,SignedHeaders=host;%s,Signature=%s", algorithm, s->id,
                     scope_of(a, s, moment), rq.names, s3_sign(a, s, &rq, moment)),
        arena_printf(a, "x-amz-content-sha256: %s", payload),
        arena_printf(a, "x-amz-date: %s", moment),
        NULL,
    };
    http->method = method;
    http->url = arena_printf(a, "%s%s", s->endpoint, rq.path);
    http->head = head;
    http->goes_on = s->goes_on;
    http->goes_on_arg = s->goes_on_arg;
    TRY(http_send(cx, http, &reply));
    return answered(cx, reply.status);
}

static enum err hash_file(struct ctx *cx, FILE *f, int64_t *n, const char **hex)
{
    unsigned char  hash[DIGEST_SHA256], *block = arena_alloc(cx->arena, BLOCK);
    struct digest *d = digest_begin();
    size_t         got;
    rewind(f);
    for (*n = 0; (got = fread(block, 1, BLOCK, f)) > 0; *n += (int64_t)got) digest_add(d, block, got);
    digest_end(d, hash);
    *hex = digest_hex(cx->arena, hash, sizeof hash);
    if (ferror(f)) return ctx_fail(cx, ERR_INTERNAL, "a recording's file cannot be read");
    rewind(f);
    return OK;
}

enum err s3_put(struct ctx *cx, const struct s3 *s, const char *key, FILE *from)
{
    struct http_request http = { .from = from, .content_type = "audio/wav", .max = REPLY_MAX, .silence_s = STORING_S };
    const char         *hex;
    TRY(hash_file(cx, from, &http.from_len, &hex));
    return ask(cx, s, "PUT", key, hex, &http);
}

enum err s3_get(struct ctx *cx, const struct s3 *s, const char *key, FILE *to)
{
    struct http_request http = { .to = to, .max = MEDIA_MAX };
    rewind(to);
    TRY(ask(cx, s, "GET", key, sha_hex(cx->arena, "", 0), &http));
    return fflush(to) == 0 ? OK : ctx_fail(cx, ERR_INTERNAL, "a recording's file cannot be written");
}

enum err s3_delete(struct ctx *cx, const struct s3 *s, const char *key)
{
    struct http_request http = { .max = REPLY_MAX };
    if (ask(cx, s, "DELETE", key, sha_hex(cx->arena, "", 0), &http) == ERR_NOT_FOUND) ctx_forgive(cx);
    return cx->err.code;
}
