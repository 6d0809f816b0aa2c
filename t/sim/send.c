/* Webhooks: signed, sent with libcurl multi, retried by the connection overrides in the fragment. */
#include "send_job.h"

#include "family.h"
#include "fault.h"
#include "scope.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

enum { HOLD_MS = 4000 };

static struct job *jobs; /* all, linked through before */
static size_t      n_jobs;

size_t send_pending(const struct scope *s)
{
    size_t n = 0;
    if (s->all) return n_jobs;
    for (const struct job *j = jobs; j != NULL; j = j->before) n += scope_hook(s, j->d);
    return n;
}

void job_asks_no_more(struct job *j)
{
    if (j->asks) family_answered(j->h.call->family);
    j->asks = false;
}

void job_free(struct job *j)
{
    job_asks_no_more(j);
    struct job **at = &jobs;
    while (*at != j) at = &(*at)->before;
    *at = j->before;
    n_jobs--;
    job_drop_transfer(j);
    buf_free(&j->body);
    buf_free(&j->reply);
    form_free(&j->h.params);
    free(j);
}

static struct job *new_job(const struct hook *h)
{
    struct job *j = grow(NULL, 1, sizeof *j);
    struct buf  text = { 0 };
    char        hash[65];
    *j = (struct job){
        .h = *h, .before = jobs, .token = world.who.token, .get = h->method != NULL && strcmp(h->method, "GET") == 0
    };
    jobs = j;
    n_jobs++;
    j->to = url_target(h->url, h->twiml);
    form_encode(&h->params, &text);
    buf_str(&text, "");
    sha256_hex(text.at, text.len, hash);
    j->d = keep(sizeof *j->d);
    *j->d = (struct delivery){ .kind = h->kind,
                               .url = keep_str(h->url),
                               .method = j->get ? "GET" : "POST",
                               .call = h->call != NULL ? h->call->sid : NULL,
                               .token = chance_uuid(),
                               .params_hash = keep_str(hash),
                               .params = keep_str(text.at),
                               .attempts = keep(ATTEMPTS_MAX * sizeof(struct attempt)),
                               .at = h->call != NULL ? call_unix(h->call, clock_now()) : clock_wall_ms() };
    buf_free(&text);
    list_add(&world.hooks, j->d);
    return j;
}

static void enqueue(struct job *j)
{
    if (j->h.call == NULL || j->h.twiml) {
        job_start(j);
        return;
    }
    if (j->h.call->queue == NULL) j->h.call->queue = keep(sizeof(struct queue));
    struct queue *q = j->h.call->queue;
    j->queued = true;
    if (q->first == NULL) q->first = j;
    else q->last->next = j;
    q->last = j;
    if (q->first == j) job_start(j);
}

static void start_late(void *arg)
{
    job_start(arg);
}

static void release_held(void *arg)
{
    struct call  *c = arg;
    struct queue *q = c->queue;
    struct job   *j = q->held;
    q->held = NULL;
    if (j != NULL) enqueue(j);
}

/* reorder: this delivery waits until the call's next one has gone ahead. */
static void hold(struct job *j)
{
    if (j->h.call->queue == NULL) j->h.call->queue = keep(sizeof(struct queue));
    struct queue *q = j->h.call->queue;
    if (q->held != NULL) release_held(j->h.call);
    q->held = j;
    j->d->attempts[j->d->n++] = (struct attempt){ .note = "held back: reorder" };
    (void)clock_in(HOLD_MS, release_held, j->h.call);
}

static void extra_copy(const struct hook *h, const char *note, const char *token)
{
    struct hook copy = *h;
    copy.params = form_copy(&h->params);
    copy.done = NULL;
    copy.twiml = true; /* at once, beside the queue */
    struct job *j = new_job(&copy);
    j->note = note;
    j->token = token;
    job_start(j);
}

void send_hook(const struct hook *h)
{
    const char   *sid = h->call != NULL ? h->call->sid : NULL;
    struct fault *f;
    if (h->done == NULL && fault_take("drop", sid, h->kind) != NULL) {
        struct job *lost = new_job(h);
        lost->tried_ms = clock_real_ms();
        job_note(lost, 0, 0, "dropped");
        job_free(lost);
        return;
    }
    if (fault_take("forge", sid, h->kind) != NULL) extra_copy(h, "forged", "00000000000000000000000000000000");
    const bool again = h->done == NULL || strcmp(h->kind, "gather") == 0; /* keys may come twice: rc=, rp= */
    if (again && fault_take("duplicate", sid, h->kind) != NULL) extra_copy(h, "duplicate", world.who.token);
    struct job *j = new_job(h);
    if (fault_take("stale_token", sid, h->kind) != NULL) {
        j->note = "stale token";
        j->token = world.who.old_token != NULL ? world.who.old_token : "ffffffffffffffffffffffffffffffff";
    }
    if (!h->twiml && h->call != NULL && fault_take("reorder", sid, h->kind) != NULL) hold(j);
    else if ((f = fault_take("delay", sid, h->kind)) != NULL) {
        (void)clock_in(f->ms, start_late, j);
    } else {
        enqueue(j);
        struct queue *q = h->call != NULL ? h->call->queue : NULL;
        if (q != NULL && !h->twiml && q->held != NULL) release_held(h->call);
    }
}

void send_clear(void)
{
    while (jobs != NULL) job_free(jobs);
}
