/* Objects in S3-compatible storage, path style: <endpoint>/<bucket>/<key>, signed with AWS Signature Version 4.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html */
#ifndef S3_H
#define S3_H
#include "ctx.h"

#include <stdbool.h>
#include <stdio.h>

struct s3 {
    const char *endpoint; /* https://host[:port] */
    const char *bucket;   /* NULL: the endpoint's host names it */
    const char *region, *id, *secret;
    bool (*goes_on)(void *); /* as http_request.goes_on */
    void *goes_on_arg;
};

/* What is signed. headers: of x-amz-* and others, "name:value\n" each, lower case and sorted, without host. */
struct s3_request {
    const char *method, *host, *path, *query, *headers, *names, *payload; /* names: "range;x-amz-date"; payload: hex */
};

/** The installation's storage, from its settings. NOT_CONFIGURED: something is missing. */
enum err s3_load(struct ctx *, struct s3 *out) MUST_CHECK;

/** The signature of a request at a moment ("20130524T000000Z"), in hex. */
const char *s3_sign(struct arena *, const struct s3 *, const struct s3_request *, const char *moment);

/* Keys are of letters, digits, - . _ and /, and need no escapes. The functions fail as http_send() does, and:
 * NOT_FOUND; UPSTREAM_AUTH: the key is refused; UPSTREAM: any other answer. */

/** Stores the whole file, which the other side checks against its SHA-256. */
enum err s3_put(struct ctx *, const struct s3 *, const char *key, FILE *from) MUST_CHECK;

/** Writes the object to a file. */
enum err s3_get(struct ctx *, const struct s3 *, const char *key, FILE *to) MUST_CHECK;

/** Deletes an object; one that is not there is fine. */
enum err s3_delete(struct ctx *, const struct s3 *, const char *key) MUST_CHECK;

/** Path and query that GET the object for so many seconds from unix_ms on, whoever asks. */
const char *s3_link(struct arena *, const struct s3 *, const char *key, int seconds, int64_t unix_ms);

#endif
