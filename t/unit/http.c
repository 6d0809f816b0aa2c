/* lib/http: against a server of a few lines in a child of the test, which says exactly what it was told to. */
#include "http.h"

#include "unit.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID = 8192 };

/* One server: what it heard comes back through heard[0]. */
struct server {
    pid_t       pid;
    int         heard;
    const char *url;
};

/* Reads one request: its head, and as many bytes of body as its length says. */
static size_t hear(int c, char *text)
{
    size_t n = 0, want = SIZE_MAX;
    while (n < SAID && n < want) {
        ssize_t got = read(c, text + n, SAID - n);
        if (got <= 0) break;
        n += (size_t)got;
        text[n] = '\0';
        const char *body = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
        if (body != NULL)
            want = (size_t)(body + 4 - text) + (length == NULL ? 0 : (size_t)strtoul(length + 16, NULL, 10));
    }
    return n;
}

/* In the child: answers each connection with say, n bytes, then closes it; hold: keeps it open. */
static void serve(int listener, int out, const char *say, size_t n, bool hold)
{
    char text[SAID + 1];
    for (int c; (c = accept(listener, NULL, NULL)) >= 0;) {
        size_t got = hear(c, text);
        if (write(out, text, got) != (ssize_t)got || write(c, say, n) != (ssize_t)n) _exit(1);
        if (!hold) (void)close(c);
    }
    _exit(0);
}

static struct server start(struct ctx *cx, const char *say, size_t n, bool hold)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          len = sizeof a;
    int                listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), ends[2];
    assert_true(listener >= 0 && bind(listener, (struct sockaddr *)&a, sizeof a) == 0 && listen(listener, 8) == 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&a, &len), 0);
    assert_int_equal(pipe(ends), 0);
    struct server s = { .pid = fork(), .heard = ends[0] };
    if (s.pid == 0) serve(listener, ends[1], say, n, hold);
    (void)close(listener);
    (void)close(ends[1]);
    s.url = arena_printf(cx->arena, "http://127.0.0.1:%d/path?q=1", ntohs(a.sin_port));
    cx->http = http_open();
    return s;
}

static void stop(struct ctx *cx, struct server *s)
{
    (void)kill(s->pid, SIGKILL);
    (void)waitpid(s->pid, NULL, 0);
    (void)close(s->heard);
    http_close(cx->http);
}

/* What one exchange leads to: the server says that, and the request is that. */
static enum err exchange(struct ctx *cx, const char *say, struct http_request rq, struct http_reply *reply,
                         char heard[SAID])
{
    struct server s = start(cx, say, strlen(say), false);
    if (rq.url == NULL) rq.url = s.url;
    if (rq.method == NULL) rq.method = "GET";
    if (rq.max == 0) rq.max = 1000;
    ctx_forgive(cx);
    enum err e = http_send(cx, &rq, reply);
    ssize_t  n = e == ERR_INVALID || heard == NULL ? 0 : read(s.heard, heard, SAID - 1);
    if (heard != NULL) heard[n > 0 ? n : 0] = '\0';
    stop(cx, &s);
    return e;
}

static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/x\r\nRetry-After: 7\r\n\r\nhi";

static void sends_what_it_was_told_and_nothing_else(void **state)
{
    char                heard[SAID];
    struct http_reply   reply;
    struct http_request rq = { .method = "POST",
                               .user = "AC1",
                               .password = "secret",
                               .body = "A=1&B=2",
                               .content_type = "application/x-www-form-urlencoded" };
    assert_int_equal(exchange(*state, ok, rq, &reply, heard), OK);
    assert_int_equal(strncmp(heard, "POST /path?q=1 HTTP/1.1\r\n", 25), 0);
    assert_non_null(strstr(heard, "\r\nAuthorization: Basic QUMxOnNlY3JldA==\r\n"));
    assert_non_null(strstr(heard, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_non_null(strstr(heard, "\r\n\r\nA=1&B=2"));
    assert_null(strstr(heard, "Expect:"));
    assert_null(strstr(heard, "Accept-Encoding:"));
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "hi");
    assert_string_equal(reply.content_type, "text/x");
    assert_int_equal(reply.retry_after_s, 7);
}

static void every_status_is_a_reply_and_a_redirect_is_not_followed(void **state)
{
    struct http_reply reply;
    assert_int_equal(exchange(*state, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", (struct http_request){ .max = 9 },
                              &reply, NULL),
                     OK);
    assert_int_equal(reply.status, 500);
    assert_int_equal(reply.retry_after_s, -1);
    const char *moved = "HTTP/1.1 302 F\r\nLocation: https://elsewhere.example/x\r\nContent-Length: 0\r\n\r\n";
    assert_int_equal(exchange(*state, moved, (struct http_request){ .bearer = "t" }, &reply, NULL), OK);
    assert_int_equal(reply.status, 302);
    assert_string_equal(reply.location, "https://elsewhere.example/x");
}

/* The difference decides whether a call may be dialled again. */
static void tells_what_may_have_arrived_from_what_was_never_sent(void **state)
{
    struct ctx              *cx = *state;
    struct http_reply        reply;
    static const char *const lost[] = {
        "",
        "HTTP/1.1 201 Cre",
        "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"si",
        "rubbish\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        assert_row(i, exchange(cx, lost[i], (struct http_request){ .method = "POST", .body = "a" }, &reply, NULL)
                          == ERR_UNKNOWN);

    struct server s = start(cx, "", 0, false); /* its port is free again once it has stopped */
    stop(cx, &s);
    cx->http = http_open();
    ctx_forgive(cx);
    assert_int_equal(http_send(cx, &(const struct http_request){ .method = "POST", .url = s.url, .max = 9 }, &reply),
                     ERR_UNAVAILABLE);
    http_close(cx->http);
}

static void silence_ends_at_the_deadline_as_unknown(void **state)
{
    struct ctx         *cx = *state;
    struct http_reply   reply;
    struct server       s = start(cx, "HTTP/1.1 200 OK\r\n", 17, true);
    struct http_request rq = { .method = "POST", .url = s.url, .body = "a", .max = 9, .timeout_ms = 200 };
    int64_t             began = clock_ms();
    assert_int_equal(http_send(cx, &rq, &reply), ERR_UNKNOWN);
    assert_in_range(clock_ms() - began, 150, 3000);
    ctx_forgive(cx);
    cx->deadline_ms = clock_ms() - 1;
    assert_int_equal(http_send(cx, &rq, &reply), ERR_UNAVAILABLE);
    stop(cx, &s);
}

/* A kept connection that dies would make libcurl send a POST again by itself. */
static void a_post_is_sent_once_whatever_happens(void **state)
{
    struct ctx         *cx = *state;
    struct http_reply   reply;
    char                heard[SAID];
    const char         *kept = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    struct server       s = start(cx, kept, strlen(kept), false); /* says keep-alive, and closes */
    struct http_request rq = { .method = "POST", .url = s.url, .body = "once", .max = 9 };
    for (int i = 0; i < 3; i++) {
        ctx_forgive(cx);
        assert_int_equal(http_send(cx, &rq, &reply), OK);
        ssize_t n = read(s.heard, heard, SAID - 1);
        heard[n > 0 ? n : 0] = '\0';
        const char *first = strstr(heard, "POST ");
        assert_non_null(first);
        assert_null(strstr(first + 1, "POST "));
    }
    stop(cx, &s);
}

static void caps_a_reply_with_and_without_a_length(void **state)
{
    struct http_reply reply;
    const char *chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n";
    const char *sized = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhelloworld";
    assert_int_equal(exchange(*state, chunked, (struct http_request){ .max = 10 }, &reply, NULL), OK);
    assert_string_equal(reply.body, "helloworld");
    assert_int_equal(exchange(*state, chunked, (struct http_request){ .max = 9 }, &reply, NULL), ERR_TOO_LARGE);
    assert_int_equal(exchange(*state, sized, (struct http_request){ .max = 9 }, &reply, NULL), ERR_TOO_LARGE);
}

static void writes_to_a_file(void **state)
{
    struct http_reply reply;
    char              text[16] = "";
    FILE             *f = fmemopen(text, sizeof text, "w");
    assert_int_equal(exchange(*state, ok, (struct http_request){ .to = f }, &reply, NULL), OK);
    (void)fclose(f);
    assert_string_equal(text, "hi");
    assert_string_equal(reply.body, "");
    assert_int_equal(reply.len, 2);
}

static void sends_parts(void **state)
{
    char                   heard[SAID];
    struct http_reply      reply;
    const struct http_part parts[] = {
        { .name = "model", .text = "m1" },
        { .name = "file", .file = "a.wav", .type = "audio/wav", .bytes = "RIFF\0x", .len = 6 }
    };
    assert_int_equal(exchange(*state, ok, (struct http_request){ .method = "POST", .parts = parts, .nparts = 2 },
                              &reply, heard),
                     OK);
    assert_non_null(strstr(heard, "Content-Type: multipart/form-data; boundary="));
    assert_non_null(strstr(heard, "name=\"model\"\r\n\r\nm1\r\n"));
    assert_non_null(strstr(heard, "name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF"));
}

static void refuses_what_would_smuggle(void **state)
{
    static const struct http_request rows[] = {
        { .bearer = "a\r\nX: y" },        { .content_type = "a\nb" },          { .user = "a\x7F", .password = "b" },
        { .url = "file:///etc/passwd" },  { .url = "http://a.example/" },      { .url = "https://a.example/\r\nX: y" },
        { .url = "gopher://a.example/" }, { .url = "https://u:p@a.example/" },
    };
    struct http_reply reply;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_row(i, exchange(*state, ok, rows[i], &reply, NULL) == ERR_INVALID);
}

static void puts_a_file_with_more_headers(void **state)
{
    static const char *const head[] = { "x-one: 1", "x-two: a/b=c", NULL };
    static const char *const smuggled[] = { "x-one: 1\r\nx-two: 2", NULL };
    char                     heard[SAID];
    struct http_reply        reply;
    FILE                    *f = tmpfile();
    assert_int_equal(fputs("RIFF and more", f) >= 0, 1);
    rewind(f);
    struct http_request rq = { .method = "PUT", .from = f, .from_len = 4, .head = head, .content_type = "audio/wav" };
    assert_int_equal(exchange(*state, ok, rq, &reply, heard), OK);
    assert_int_equal(strncmp(heard, "PUT /path?q=1 HTTP/1.1\r\n", 24), 0);
    assert_non_null(strstr(heard, "\r\nx-one: 1\r\n"));
    assert_non_null(strstr(heard, "\r\nx-two: a/b=c\r\n"));
    assert_non_null(strstr(heard, "\r\nContent-Length: 4\r\n"));
    assert_non_null(strstr(heard, "\r\nContent-Type: audio/wav\r\n"));
    assert_string_equal(strstr(heard, "\r\n\r\n"), "\r\n\r\nRIFF");
    rq.head = smuggled;
    assert_int_equal(exchange(*state, ok, rq, &reply, NULL), ERR_INVALID);
    (void)fclose(f);
}

UNIT_MAIN(UNIT_TEST(puts_a_file_with_more_headers), UNIT_TEST(sends_what_it_was_told_and_nothing_else),
          UNIT_TEST(every_status_is_a_reply_and_a_redirect_is_not_followed),
          UNIT_TEST(tells_what_may_have_arrived_from_what_was_never_sent),
          UNIT_TEST(silence_ends_at_the_deadline_as_unknown), UNIT_TEST(a_post_is_sent_once_whatever_happens),
          UNIT_TEST(caps_a_reply_with_and_without_a_length), UNIT_TEST(writes_to_a_file), UNIT_TEST(sends_parts),
          UNIT_TEST(refuses_what_would_smuggle))
