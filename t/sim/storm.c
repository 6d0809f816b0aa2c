/* Storms: many calls with varied callers, and a summary of what our server did with the webhooks. */
#include "call.h"
#include "client.h"
#include "control.h"
#include "family.h"
#include "send.h"
#include "sign.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORM_WAIT_S = 3600 };

struct storm {
    const char *to;
    int64_t     left, gap_ms; /* calls to come; simulated ms between them */
};

/* One caller in ten hangs up early; every number is another one. */
static void next_call(void *arg)
{
    struct storm  *s = arg;
    struct number *n = world_number(s->to);
    if (n == NULL || s->left-- <= 0) return;
    world.planned--;
    uint64_t     x = chance();
    struct call *c = call_new(keep_fmt("+4477009%05llu", (unsigned long long)(x % 100000)), s->to, "inbound", NULL);
    c->number = n;
    call_by_number(c);
    if (x % 10 == 7) c->gives_up_ms = 1000 + (int64_t)(x >> 32) % 30000;
    c->caller_ends = x % 3 == 0;
    call_inbound(c);
    (void)family_enter(NULL);
    if (s->left > 0) (void)clock_in(s->gap_ms, next_call, s);
}

/* POST /sim/storm {"to","calls","rate","seed"}: rate is calls a real second. */
void sim_storm(struct request *q, struct reply *r)
{
    cJSON        *o = cJSON_Parse(q->body);
    const char   *to = control_text_of(o, "to");
    int64_t       calls = control_ms_of(o, "calls", 100) / 1000, rate = control_ms_of(o, "rate", 50) / 1000;
    struct storm *s = keep(sizeof *s);
    int64_t       seed = control_ms_of(o, "seed", 0) / 1000;
    cJSON_Delete(o);
    if (seed > 0) chance_seed((uint64_t)seed);
    if (to == NULL || world_number(to) == NULL || calls < 1 || rate < 1) {
        control_refuse(r, 400, "to must be a number of this account; calls and rate at least 1");
        return;
    }
    *s = (struct storm){ .to = to, .left = calls, .gap_ms = 1000 * clock_speed() / rate };
    world.planned += calls;
    next_call(s);
    reply_json(r, 202, cJSON_CreateObject());
}

static int by_size(const void *a, const void *b)
{
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

struct tally {
    int64_t ok, refused, failed, unanswered, retried, lost;
    long   *ms;
    size_t  n;
};

static void add(struct tally *t, const struct delivery *d)
{
    for (size_t i = 0; i < d->n; i++) {
        int status = d->attempts[i].status;
        t->ms[t->n++] = d->attempts[i].ms;
        t->ok += status >= 200 && status < 300;
        t->refused += status >= 300 && status < 500;
        t->failed += status >= 500;
        t->unanswered += status == 0;
    }
    t->retried += d->n > 1;
    t->lost += d->n > 0 && (d->attempts[d->n - 1].status < 200 || d->attempts[d->n - 1].status > 299);
}

/* GET /sim/summary: webhooks by outcome, with p50 and p99 in real ms. */
void sim_summary(struct request *q, struct reply *r)
{
    cJSON       *o = cJSON_CreateObject();
    struct tally t = { 0 };
    int64_t      open = 0, attempts = 0;
    (void)q;
    for (size_t i = 0; i < world.hooks.n; i++) attempts += (int64_t)((const struct delivery *)world.hooks.v[i])->n;
    t.ms = grow(NULL, (size_t)attempts + 1, sizeof *t.ms);
    for (size_t i = 0; i < world.hooks.n; i++) add(&t, world.hooks.v[i]);
    for (size_t i = 0; i < world.calls.n; i++) open += !status_final(((const struct call *)world.calls.v[i])->status);
    qsort(t.ms, t.n, sizeof *t.ms, by_size);
    json_int(o, "calls", (int64_t)world.calls.n);
    json_int(o, "open_calls", open);
    json_int(o, "recordings", (int64_t)world.recordings.n);
    json_int(o, "webhooks", (int64_t)world.hooks.n);
    json_int(o, "attempts", attempts);
    json_int(o, "ok", t.ok);
    json_int(o, "http_3xx_4xx", t.refused);
    json_int(o, "http_5xx", t.failed);
    json_int(o, "unanswered", t.unanswered);
    json_int(o, "retried", t.retried);
    json_int(o, "lost", t.lost);
    json_int(o, "alerts", (int64_t)world.alerts.n);
    json_int(o, "p50_ms", t.n > 0 ? t.ms[t.n / 2] : 0);
    json_int(o, "p99_ms", t.n > 0 ? t.ms[t.n * 99 / 100] : 0);
    json_int(o, "max_ms", t.n > 0 ? t.ms[t.n - 1] : 0);
    free(t.ms);
    reply_json(r, 200, o);
}

int storm_main(int argc, char **argv)
{
    static const struct option longs[] = { { "sim", 1, NULL, 's' },   { "to", 1, NULL, 't' },
                                           { "calls", 1, NULL, 'c' }, { "rate", 1, NULL, 'r' },
                                           { "seed", 1, NULL, 'S' },  { NULL, 0, NULL, 0 } };
    const char                *base = NULL, *to = NULL;
    cJSON                     *o = cJSON_CreateObject();
    double                     calls = 100, rate = 50, seed = 0;
    long                       status = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == 's') base = optarg;
        else if (c == 't') to = optarg;
        else if (c == 'c') calls = strtod(optarg, NULL);
        else if (c == 'r') rate = strtod(optarg, NULL);
        else if (c == 'S') seed = strtod(optarg, NULL);
    }
    if (base == NULL || to == NULL) {
        (void)
            fputs("usage: switchhook-sim storm --sim URL --to NUMBER [--calls N] [--rate CALLS_A_SECOND] [--seed N]\n",
                  stderr);
        cJSON_Delete(o);
        return 2;
    }
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)cJSON_AddStringToObject(o, "to", to);
    (void)cJSON_AddNumberToObject(o, "calls", calls);
    (void)cJSON_AddNumberToObject(o, "rate", rate);
    (void)cJSON_AddNumberToObject(o, "seed", seed);
    cJSON_Delete(client_ask(base, "POST", "/sim/storm", o, &status));
    cJSON_Delete(o);
    int late = status == 202 ? client_wait_idle(base, STORM_WAIT_S) : 1;
    o = client_ask(base, "GET", "/sim/summary", NULL, NULL);
    const cJSON *v;
    cJSON_ArrayForEach(v, o)(void) printf("%-14s %.0f\n", v->string, v->valuedouble);
    int lost = (int)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(o, "lost"));
    cJSON_Delete(o);
    curl_global_cleanup();
    keep_reset();
    return late != 0 || lost > 0 ? 1 : 0;
}
