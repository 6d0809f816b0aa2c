/* The HTTP side: libmicrohttpd in the simulator's own loop, requests read whole, replies built whole. */
#include "http.h"

#include "clock.h"
#include "family.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_MAX = 64 << 20 };

struct exchange {
    char                  *uri; /* as received */
    struct buf             body;
    struct reply           reply;
    struct MHD_Connection *connection;
    bool                   asked, waits;
    struct exchange       *next; /* of those that wait */
};

static struct MHD_Daemon *daemon_;
static http_answer       *answer_;
static struct exchange   *waiting;

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *c)
{
    (void)cls;
    struct exchange *x = grow(NULL, 1, sizeof *x);
    *x = (struct exchange){ .uri = strdup(uri), .connection = c };
    return x;
}

static void on_end(void *cls, struct MHD_Connection *c, void **ctx, enum MHD_RequestTerminationCode how)
{
    struct exchange *x = *ctx;
    (void)cls;
    (void)c;
    (void)how;
    if (x == NULL) return;
    free(x->uri);
    buf_free(&x->body);
    buf_free(&x->reply.body);
    form_free(&x->reply.headers);
    free(x);
    *ctx = NULL;
}

static const char *header(struct exchange *x, const char *name)
{
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

static void ask(struct exchange *x, const char *method)
{
    struct request q = { .method = method,
                         .type = header(x, "Content-Type"),
                         .authorization = header(x, "Authorization"),
                         .range = header(x, "Range"),
                         .body = x->body.at != NULL ? x->body.at : "",
                         .len = x->body.len };
    char          *mark = strchr(x->uri, '?');
    x->reply = (struct reply){ .cut_at = -1 };
    if (mark != NULL) {
        form_parse(&q.query, mark + 1, strlen(mark + 1));
        *mark = '\0';
        q.raw_query = mark + 1;
    }
    q.path = x->uri;
    if (q.type != NULL && strncasecmp(q.type, "application/x-www-form-urlencoded", 33) == 0)
        form_parse(&q.form, q.body, q.len);
    clock_freeze(clock_now()); /* one request is one moment */
    answer_(&q, &x->reply);
    (void)family_enter(NULL);
    clock_freeze(-1);
    form_free(&q.query);
    form_free(&q.form);
    x->asked = true;
}

static void send_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0) return; /* a cut reply may be cut shorter */
        p += sent;
        n -= (size_t)sent;
    }
}

/* The reply is cut at an exact byte: written by hand, then the connection is shut. */
static enum MHD_Result cut(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct buf                      all = { 0 };
    struct reply                   *r = &x->reply;
    buf_fmt(&all, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", r->status,
            r->status == 201 ? "Created" : "OK", r->type != NULL ? r->type : "application/json", r->body.len);
    size_t head = r->cut_in_body ? all.len : 0;
    if (r->body.len > 0) buf_add(&all, r->body.at, r->body.len);
    size_t n = (size_t)r->cut_at + head < all.len ? (size_t)r->cut_at + head : all.len;
    send_all(info->connect_fd, all.at, n);
    (void)shutdown(info->connect_fd, SHUT_RDWR);
    buf_free(&all);
    return MHD_NO;
}

static enum MHD_Result respond(struct exchange *x)
{
    struct reply *r = &x->reply;
    if (r->cut_at >= 0) return cut(x);
    buf_str(&r->body, ""); /* never NULL */
    struct MHD_Response *m = MHD_create_response_from_buffer(r->body.len, r->body.at, MHD_RESPMEM_MUST_FREE);
    if (m == NULL) return MHD_NO;
    r->body = (struct buf){ 0 };
    if (r->status != 204)
        (void)MHD_add_response_header(m, "Content-Type", r->type != NULL ? r->type : "application/json; charset=utf-8");
    for (size_t i = 0; i < r->headers.n; i++)
        (void)MHD_add_response_header(m, r->headers.v[i].name, r->headers.v[i].value);
    enum MHD_Result ok = MHD_queue_response(x->connection, (unsigned)r->status, m);
    MHD_destroy_response(m);
    return ok;
}

static void resume(void *arg)
{
    for (struct exchange **at = &waiting; *at != NULL; at = &(*at)->next) {
        struct exchange *x = *at;
        if (x != arg) continue;
        *at = x->next;
        x->waits = false;
        MHD_resume_connection(x->connection);
        return;
    }
}

void http_resume(void)
{
    while (waiting != NULL) resume(waiting);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *n, void **ctx)
{
    struct exchange *x = *ctx;
    (void)cls;
    (void)c;
    (void)url;
    (void)version;
    if (!x->waits && !x->asked && x->body.at == NULL && *n == 0 && x->body.cap == 0) {
        x->body.at = grow(NULL, 1, 1); /* the first call only announces the request */
        x->body.at[0] = '\0';
        x->body.cap = 1;
        return MHD_YES;
    }
    if (*n > 0) {
        if (x->body.len + *n > BODY_MAX) return MHD_NO;
        buf_add(&x->body, data, *n);
        *n = 0;
        return MHD_YES;
    }
    if (!x->asked) {
        ask(x, method);
        if (x->reply.delay_ms > 0) {
            x->waits = true;
            x->next = waiting;
            waiting = x;
            MHD_suspend_connection(x->connection);
            (void)clock_in(x->reply.delay_ms * clock_speed(), resume, x);
            return MHD_YES;
        }
    }
    return x->waits ? MHD_YES : respond(x);
}

int http_start(int port, http_answer *answer)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    answer_ = answer;
    daemon_ = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, (uint16_t)port, NULL, NULL, on_request, NULL,
                               MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL,
                               MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_CONNECTION_LIMIT, 2000u,
                               MHD_OPTION_CONNECTION_TIMEOUT, 120u, MHD_OPTION_END);
    if (daemon_ == NULL) return -1;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT);
    return info != NULL ? info->port : -1;
}

int http_fd(void)
{
    return MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

void http_run(void)
{
    (void)MHD_run(daemon_);
}

int http_wait(int max)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;
    if (MHD_get_timeout(daemon_, &ms) != MHD_YES) return max;
    return ms < (MHD_UNSIGNED_LONG_LONG)max ? (int)ms : max;
}

void http_stop(void)
{
    http_resume();
    MHD_stop_daemon(daemon_);
}

void reply_json(struct reply *r, int status, cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    r->status = status;
    if (text != NULL) buf_str(&r->body, text);
    free(text);
    cJSON_Delete(json);
}
