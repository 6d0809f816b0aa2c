/* HTTP requests out: libcurl with everything it would do by itself switched off.
 * https://curl.se/libcurl/c/curl_easy_setopt.html */
#include "http.h"

#include "buf.h"
#include "check.h"
#include "clock.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { CONNECT_MS = 3000, SLOW_BYTES = 100, SLOW_S = 10, HEADER_MAX = 2048, CUT_MAX = 1 << 20 };

struct http {
    CURL *easy;
};

/* One request under way. */
struct transfer {
    const struct http_request *rq;
    struct buf                 body;
    size_t                     got, put;
    bool                       left, over; /* the request began to leave; the reply passed its cap */
    bool                       refused;    /* an address that reach() does not let pass */
    struct curl_slist         *head;
    curl_mime                 *mime;
};

struct http *http_open(void)
{
    struct http *h = calloc(1, sizeof *h);
    if (h == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) abort();
    h->easy = curl_easy_init();
    if (h->easy == NULL) abort();
    return h;
}

void http_close(struct http *h)
{
    if (h == NULL) return;
    curl_easy_cleanup(h->easy);
    free(h);
}

/* Our own cap: CURLOPT_MAXFILESIZE is ignored for chunked replies. */
static size_t on_body(char *bytes, size_t one, size_t n, void *arg)
{
    struct transfer *t = arg;
    (void)one; /* always 1 */
    if (t->rq->cut && t->got + n <= CUT_MAX) {
        const size_t room = t->got < t->rq->max ? t->rq->max - t->got : 0;
        buf_add(&t->body, bytes, n < room ? n : room);
        t->got += n;
        return n;
    }
    if (t->got > t->rq->max || n > t->rq->max - t->got) {
        t->over = true;
        return 0;
    }
    t->got += n;
    if (t->rq->to != NULL) return fwrite(bytes, 1, n, t->rq->to);
    buf_add(&t->body, bytes, n);
    return n;
}

/* No more of the file than was announced. */
static size_t on_file(char *to, size_t one, size_t n, void *arg)
{
    struct transfer *t = arg;
    const int64_t    left = t->rq->from_len - (int64_t)t->put;
    (void)one; /* always 1 */
    size_t got = fread(to, 1, (int64_t)n < left ? n : (size_t)left, t->rq->from);
    t->put += got;
    return got;
}

/* Called when the connection stands and the first byte of the request is about to be sent. */
static int on_leave(void *arg, char *ip, char *local_ip, int port, int local_port)
{
    struct transfer *t = arg;
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    t->left = true;
    return CURL_PREREQFUNC_OK;
}

/* The address is checked where it is used: a name that means another one a moment later gains nothing. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *t = arg;
    (void)purpose;
    if (t->rq->reach(&to->addr)) return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
    t->refused = true;
    return CURL_SOCKET_BAD;
}

static int on_progress(void *arg, curl_off_t to_come, curl_off_t came, curl_off_t to_go, curl_off_t gone)
{
    const struct transfer *t = arg;
    (void)to_come, (void)came, (void)to_go, (void)gone;
    return t->rq->goes_on(t->rq->goes_on_arg) ? 0 : 1;
}

static bool sound(const char *s)
{
    return s == NULL || (check_header(s) && strlen(s) < HEADER_MAX);
}

static enum err headers(struct ctx *cx, struct transfer *t)
{
    const struct http_request *rq = t->rq;
    if (!sound(rq->bearer) || !sound(rq->content_type) || !sound(rq->user) || !sound(rq->password))
        return ctx_fail(cx, ERR_INVALID, "a request header would hold bytes that it must not");
    t->head = curl_slist_append(NULL, "Expect:"); /* no second of waiting before a large body */
    t->head = curl_slist_append(t->head, "Accept: */*");
    if (rq->bearer != NULL)
        t->head = curl_slist_append(t->head, arena_printf(cx->arena, "Authorization: Bearer %s", rq->bearer));
    if (rq->content_type != NULL)
        t->head = curl_slist_append(t->head, arena_printf(cx->arena, "Content-Type: %s", rq->content_type));
    for (const char *const *line = rq->head; line != NULL && *line != NULL; line++) {
        if (!sound(*line)) return ctx_fail(cx, ERR_INVALID, "a request header would hold bytes that it must not");
        t->head = curl_slist_append(t->head, *line);
    }
    return OK;
}

static void multipart(CURL *e, struct transfer *t)
{
    t->mime = curl_mime_init(e);
    for (size_t i = 0; i < t->rq->nparts; i++) {
        const struct http_part *from = &t->rq->parts[i];
        curl_mimepart          *p = curl_mime_addpart(t->mime);
        (void)curl_mime_name(p, from->name);
        if (from->file != NULL) (void)curl_mime_filename(p, from->file);
        if (from->type != NULL) (void)curl_mime_type(p, from->type);
        (void)curl_mime_data(p, from->file != NULL ? from->bytes : from->text,
                             from->file != NULL ? from->len : CURL_ZERO_TERMINATED);
    }
    (void)curl_easy_setopt(e, CURLOPT_MIMEPOST, t->mime);
}

static void put_body(CURL *e, struct transfer *t)
{
    const struct http_request *rq = t->rq;
    if (rq->nparts > 0) multipart(e, t);
    else if (rq->from != NULL) {
        (void)curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
        (void)curl_easy_setopt(e, CURLOPT_READFUNCTION, on_file);
        (void)curl_easy_setopt(e, CURLOPT_READDATA, t);
        (void)curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)rq->from_len);
    } else if (rq->body != NULL || strcmp(rq->method, "POST") == 0) {
        const char *body = rq->body == NULL ? "" : rq->body;
        (void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
        (void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, body);
    }
    (void)curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, rq->method);
}

/* A POST goes over a connection of its own: on a kept one that has died libcurl would send it a second time, and a call
 * could be placed twice. */
static void set_up(CURL *e, struct transfer *t, int64_t timeout_ms)
{
    const struct http_request *rq = t->rq;
    const bool                 repeatable = strcmp(rq->method, "GET") == 0;
    curl_easy_reset(e); /* keeps connections */
    (void)curl_easy_setopt(e, CURLOPT_URL, rq->url);
    (void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, strncmp(rq->url, "http://", 7) == 0 ? "http" : "https");
    (void)curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, repeatable ? 0L : 1L);
    (void)curl_easy_setopt(e, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    (void)curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    (void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    (void)curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, rq->silence_s > 0 ? (long)rq->silence_s : (long)SLOW_S);
    (void)curl_easy_setopt(e, CURLOPT_USERAGENT, "switchhook");
    (void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->head);
    (void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
    (void)curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_leave);
    (void)curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
    if (rq->reach != NULL) {
        (void)curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket);
        (void)curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
    }
    if (rq->goes_on != NULL) {
        (void)curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
        (void)curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress);
        (void)curl_easy_setopt(e, CURLOPT_XFERINFODATA, t);
    }
    if (rq->user != NULL) {
        (void)curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        (void)curl_easy_setopt(e, CURLOPT_USERNAME, rq->user);
        (void)curl_easy_setopt(e, CURLOPT_PASSWORD, rq->password);
    }
    put_body(e, t);
}

static const char *text_of(struct ctx *cx, const char *s)
{
    return s == NULL ? "" : arena_strdup(cx->arena, s);
}

static void take(struct ctx *cx, CURL *e, const struct transfer *t, struct http_reply *out)
{
    long       status = 0;
    char      *type = NULL, *location = NULL;
    curl_off_t retry = 0;
    (void)curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(e, CURLINFO_CONTENT_TYPE, &type);
    (void)curl_easy_getinfo(e, CURLINFO_REDIRECT_URL, &location);
    (void)curl_easy_getinfo(e, CURLINFO_RETRY_AFTER, &retry);
    *out = (struct http_reply){
        .status = (int)status,
        .body = t->body.at,
        .len = t->body.len > 0     ? t->body.len
               : t->rq->to != NULL ? t->got
                                   : 0,
        .content_type = text_of(cx, type),
        .location = text_of(cx, location),
        .retry_after_s = retry > 0 ? (int64_t)retry : -1,
    };
}

/* What went wrong, and whether the other side may have heard us. The URL's query may hold secrets: only its host is
 * named. */
static enum err failed(struct ctx *cx, const struct transfer *t, CURLcode rc)
{
    const char *host = strstr(t->rq->url, "://") + 3;
    int         n = (int)strcspn(host, "/?#");
    if (t->refused && !t->left)
        return ctx_fail(cx, ERR_FORBIDDEN, "%.*s: its address is not one of the public internet", n, host);
    if (t->over) return ctx_fail(cx, ERR_TOO_LARGE, "%.*s: a reply over %zu bytes", n, host, t->rq->max);
    if (!t->left) return ctx_fail(cx, ERR_UNAVAILABLE, "%.*s: %s", n, host, curl_easy_strerror(rc));
    return ctx_fail(cx, ERR_UNKNOWN, "%.*s: %s after the request was sent", n, host, curl_easy_strerror(rc));
}

enum err http_send(struct ctx *cx, const struct http_request *rq, struct http_reply *out)
{
    CURL           *e = cx->http->easy;
    struct transfer t = { .rq = rq, .body = buf_new(cx->arena, rq->to == NULL ? rq->max : 0) };
    int64_t         left = cx->deadline_ms - clock_ms();
    if (!check_url(rq->url)) return ctx_fail(cx, ERR_INVALID, "not an https URL");
    if (rq->timeout_ms > 0 && rq->timeout_ms < left) left = rq->timeout_ms;
    if (left <= 0) return ctx_fail(cx, ERR_UNAVAILABLE, "no time left for a request");
    if (headers(cx, &t) != OK) {
        curl_slist_free_all(t.head);
        return cx->err.code;
    }
    set_up(e, &t, left);
    CURLcode rc = curl_easy_perform(e);
    if (rc == CURLE_OK) take(cx, e, &t, out);
    else (void)failed(cx, &t, rc);
    curl_slist_free_all(t.head);
    curl_mime_free(t.mime);
    return cx->err.code;
}
