/* A closed-loop HTTP/1.1 client: load PORT CLIENTS SECONDS FILE COUNT EXPECT
 * FILE holds requests, each after its length (4 bytes, native order). CLIENTS kept connections send COUNT of them (0:
 * round and round), each the next one as soon as its last is answered, until they are used up or the time is over. An
 * answer is good if it is EXPECT ("200" or "200:text that its body holds"). One JSON line says how it went. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { REPLY_MAX = 65536, CLIENTS_MAX = 1024, READY = 256, STUCK_MS = 15000, SAMPLES = 4 << 20 };

struct client {
    int         fd;
    int64_t     began_us;
    const char *at;   /* what is still to be sent */
    size_t      left; /* bytes of it */
    size_t      got;
    char        reply[REPLY_MAX];
};

static struct {
    const char    *first, *at, *end; /* requests, those not yet taken, and behind the last */
    bool           round;
    size_t         left; /* how many of them may be */
    int64_t        stop_us, start_us;
    size_t         busy, n, bad;
    uint32_t      *us; /* latency of each answer */
    size_t         us_cap;
    const char    *status, *text;
    char           first_bad[400];
    struct client *clients;
    int            epoll, port;
} load;

static int64_t now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void dial(struct client *c)
{
    const struct sockaddr_in to = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)load.port),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int                one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&to, sizeof to) != 0) die("connect");
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    (void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
    if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, c->fd, &e) != 0) die("epoll");
}

/* Requests are far smaller than a socket's buffer, so a short write is an error. */
static void take(struct client *c)
{
    uint32_t len;
    if (load.at == load.end && load.round) load.at = load.first;
    if (load.left == 0 || load.at == load.end || now_us() >= load.stop_us) return;
    memcpy(&len, load.at, sizeof len);
    c->at = load.at + sizeof len;
    load.at = c->at + len;
    load.left--;
    c->got = 0;
    c->began_us = now_us();
    if (write(c->fd, c->at, len) != (ssize_t)len) die("write");
    load.busy++;
}

/* The length of the whole answer, or 0 while its head is not complete. */
static size_t whole(const struct client *c)
{
    const char *end = strstr(c->reply, "\r\n\r\n"), *field = strcasestr(c->reply, "\r\ncontent-length:");
    if (end == NULL) return 0;
    size_t body = field != NULL && field < end ? strtoul(field + 17, NULL, 10) : 0;
    return (size_t)(end - c->reply) + 4 + body;
}

static void judge(struct client *c)
{
    const char *body = strstr(c->reply, "\r\n\r\n");
    const bool  good = strncmp(c->reply + 9, load.status, 3) == 0
                      && (load.text == NULL || (body != NULL && strstr(body, load.text) != NULL));
    if (load.n < load.us_cap) load.us[load.n] = (uint32_t)(now_us() - c->began_us);
    load.n++;
    load.busy--;
    if (good) return;
    if (load.bad++ == 0) (void)snprintf(load.first_bad, sizeof load.first_bad, "%.390s", c->reply);
}

static void hear(struct client *c)
{
    ssize_t n = read(c->fd, c->reply + c->got, sizeof c->reply - 1 - c->got);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) { /* nginx closes a connection after keepalive_requests; in between that is a lost answer */
        const bool lost = c->got > 0 || c->began_us != 0;
        (void)close(c->fd);
        dial(c);
        if (lost) {
            c->reply[c->got] = '\0';
            judge(c);
        }
        c->began_us = 0;
        take(c);
        return;
    }
    c->got += (size_t)n;
    c->reply[c->got] = '\0';
    size_t want = whole(c);
    if (want == 0 || c->got < want) return;
    judge(c);
    c->began_us = 0;
    if (strcasestr(c->reply, "\r\nconnection: close") != NULL) {
        (void)close(c->fd);
        dial(c);
    }
    take(c);
}

static int by_us(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void report(void)
{
    const double seconds = (double)(now_us() - load.start_us) / 1e6;
    const size_t n = load.n < load.us_cap ? load.n : load.us_cap;
    qsort(load.us, n, sizeof *load.us, by_us);
    for (char *p = load.first_bad; *p != '\0'; p++)
        if (*p == '"' || *p == '\\' || (unsigned char)*p < ' ') *p = ' ';
    (void)printf("{\"n\":%zu,\"seconds\":%.3f,\"rate\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"bad\":%"
                 "zu,\"stuck\":%zu,"
                 "\"first_bad\":\"%s\"}\n",
                 load.n, seconds, (double)load.n / seconds, n == 0 ? 0 : load.us[n / 2] / 1e3,
                 n == 0 ? 0 : load.us[n * 99 / 100] / 1e3, n == 0 ? 0 : load.us[n - 1] / 1e3, load.bad, load.busy,
                 load.first_bad);
}

static void open_file(const char *path)
{
    struct stat st;
    int         fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) die(path);
    load.at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (load.at == MAP_FAILED) die(path);
    load.first = load.at;
    load.end = load.at + st.st_size;
}

static void run(size_t clients)
{
    struct epoll_event ready[READY];
    for (size_t i = 0; i < clients; i++) dial(&load.clients[i]);
    for (size_t i = 0; i < clients; i++) take(&load.clients[i]);
    while (load.busy > 0) {
        int n = epoll_wait(load.epoll, ready, READY, STUCK_MS);
        if (n == 0) break;
        for (int i = 0; i < n; i++) hear(ready[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        (void)fprintf(stderr, "usage: load PORT CLIENTS SECONDS FILE COUNT EXPECT\n");
        return 2;
    }
    const size_t clients = strtoul(argv[2], NULL, 10);
    char        *colon = strchr(argv[6], ':');
    load.port = (int)strtol(argv[1], NULL, 10);
    load.left = strtoul(argv[5], NULL, 10);
    load.round = load.left == 0;
    if (load.round) load.left = SIZE_MAX;
    load.status = argv[6];
    load.text = colon == NULL ? NULL : colon + 1;
    load.us_cap = load.left < SAMPLES ? load.left : SAMPLES;
    load.us = calloc(load.us_cap + 1, sizeof *load.us);
    load.clients = calloc(clients, sizeof *load.clients);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (clients == 0 || clients > CLIENTS_MAX || load.us == NULL || load.clients == NULL || load.epoll < 0)
        die("start");
    open_file(argv[4]);
    load.start_us = now_us();
    load.stop_us = load.start_us + (int64_t)(strtod(argv[3], NULL) * 1e6);
    run(clients);
    report();
    return 0;
}
