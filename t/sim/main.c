/* switchhook-sim: Twilio and OpenAI on loopback, in one thread. */
#include "client.h"
#include "http.h"
#include "rest.h"
#include "send.h"
#include "sign.h"

#include <getopt.h>
#include <libxml/parser.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TICK_MS = 1000, SPEED_MAX = 1000, EVENTS_MAX = 64 };

struct options {
    const char *state, *credentials, *log;
    long        port, speed;
};

static const char USAGE[] =
    "usage: switchhook-sim --port N --state DIR --credentials FILE [--speed N] [--seed N]\n"
    "                      [--map PUBLIC_ORIGIN=LOOPBACK_ORIGIN]... [--log FILE]\n"
    "       switchhook-sim play FILE --sim URL [--public URL] [--server URL] [--key KEY] [--facts URL]\n"
    "       switchhook-sim storm --sim URL --to NUMBER [--calls N] [--rate CALLS_A_SECOND] [--seed N]\n";

static int usage(const char *why)
{
    (void)fprintf(stderr, "switchhook-sim: %s\n%s", why, USAGE);
    return 2;
}

static void credential(const char *name, const char *value)
{
    struct credentials *w = &world.who;
    const struct {
        const char *name, **to;
    } rows[] = { { "TWILIO_ACCOUNT_SID", &w->account },      { "TWILIO_AUTH_TOKEN", &w->token },
                 { "TWILIO_AUTH_TOKEN_OLD", &w->old_token }, { "TWILIO_API_KEY_SID", &w->key },
                 { "TWILIO_API_KEY_SECRET", &w->secret },    { "OPENAI_API_KEY", &w->openai } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0 && value[0] != '\0') *rows[i].to = keep_str(value);
}

/* KEY=VALUE lines, also "export KEY='VALUE'"; others are left alone. */
static bool read_credentials(const char *path)
{
    char  line[4096];
    FILE *f = fopen(path, "re");
    if (f == NULL) return false;
    while (fgets(line, sizeof line, f) != NULL) {
        char *at = line + strspn(line, " \t"), *eq = strchr(at, '=');
        if (strncmp(at, "export ", 7) == 0) at += 7;
        if (eq == NULL || *at == '#') continue;
        *eq = '\0';
        char *value = eq + 1;
        value[strcspn(value, "\r\n")] = '\0';
        size_t n = strlen(value);
        if (n >= 2 && (value[0] == '\'' || value[0] == '"') && value[n - 1] == value[0]) {
            value[n - 1] = '\0';
            value++;
        }
        credential(at, value);
    }
    (void)fclose(f);
    return world.who.account != NULL && world.who.token != NULL;
}

static bool read_map(const char *text)
{
    const char *eq = strchr(text, '=');
    if (eq == NULL || world.n_maps == sizeof world.maps / sizeof *world.maps) return false;
    size_t from = (size_t)(eq - text), to = strlen(eq + 1);
    if (from > 0 && text[from - 1] == '/') from--;
    if (to > 0 && eq[to] == '/') to--;
    world.maps[world.n_maps++] = (struct map){ keep_mem(text, from), keep_mem(eq + 1, to) };
    return true;
}

static int read_options(int argc, char **argv, struct options *o)
{
    static const struct option longs[] = {
        { "port", 1, NULL, 'p' },  { "state", 1, NULL, 's' }, { "credentials", 1, NULL, 'c' },
        { "speed", 1, NULL, 'x' }, { "seed", 1, NULL, 'S' },  { "map", 1, NULL, 'm' },
        { "log", 1, NULL, 'l' },   { "help", 0, NULL, 'h' },  { NULL, 0, NULL, 0 }
    };
    if (getrandom(&world.seed, sizeof world.seed, 0) != (ssize_t)sizeof world.seed) return usage("no random numbers");
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == 'p') o->port = strtol(optarg, NULL, 10);
        else if (c == 's') o->state = optarg;
        else if (c == 'c') o->credentials = optarg;
        else if (c == 'x') o->speed = strtol(optarg, NULL, 10);
        else if (c == 'S') world.seed = strtoull(optarg, NULL, 10);
        else if (c == 'l') o->log = optarg;
        else if (c == 'm' && !read_map(optarg)) return usage("--map wants PUBLIC_ORIGIN=LOOPBACK_ORIGIN");
        else if (c == 'h') return fputs(USAGE, stdout) < 0 ? 1 : -1;
        else if (c == '?') return usage("unknown option");
    }
    if (o->state == NULL || o->credentials == NULL) return usage("--state and --credentials are needed");
    if (o->port < 0 || o->port > 65535) return usage("--port is 0 to 65535");
    if (o->speed < 1 || o->speed > SPEED_MAX) return usage("--speed is 1 to 1000");
    return 0;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static void watch(int epoll, int fd)
{
    struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) != 0) abort();
}

/* Everything happens here: requests in, webhooks out, and what is due. */
static void serve(int signals)
{
    struct epoll_event v[EVENTS_MAX];
    int                epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) abort();
    watch(epoll, signals);
    watch(epoll, http_fd());
    send_watch(epoll);
    for (bool stop = false; !stop;) {
        http_run();
        clock_run();
        send_run(CURL_SOCKET_TIMEOUT, 0);
        int n =
            epoll_wait(epoll, v, EVENTS_MAX, least(least(http_wait(TICK_MS), clock_wait(TICK_MS)), send_wait(TICK_MS)));
        for (int i = 0; i < n; i++) {
            stop = stop || v[i].data.fd == signals;
            if (v[i].data.fd != signals && v[i].data.fd != http_fd()) send_run(v[i].data.fd, v[i].events);
        }
    }
    (void)close(epoll);
}

static int signal_fd(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
    struct options o = { .speed = 1 };
    if (argc > 1 && strcmp(argv[1], "play") == 0) return play_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "storm") == 0) return storm_main(argc - 1, argv + 1);
    int bad = read_options(argc, argv, &o), port;
    if (bad != 0) return bad < 0 ? 0 : bad;
    if (!read_credentials(o.credentials))
        return usage("--credentials: a file with TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN is needed");
    (void)mkdir(o.state, 0700); /* may exist */
    world.state = keep_str(o.state);
    world_log_open(o.log);
    chance_seed(world.seed);
    int signals = signal_fd();
    xmlInitParser();
    send_start();
    clock_start((int)o.speed);
    port = http_start((int)o.port, rest_answer);
    if (port < 0 || signals < 0) {
        (void)fprintf(stderr, "switchhook-sim: cannot listen on 127.0.0.1:%ld\n", o.port);
        return 1;
    }
    world.base = keep_fmt("http://127.0.0.1:%d", port);
    (void)printf("switchhook-sim listening on %s\n", world.base);
    (void)fflush(stdout);
    serve(signals);
    http_stop();
    world_reset(true);
    send_stop();
    xmlCleanupParser();
    keep_reset();
    return 0;
}
