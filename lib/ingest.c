/* From deliveries to rows: the table of event kinds, and a batch of them as one transaction. */
#include "ingest.h"

#include "flow.h"
#include "ingest_batch.h"
#include "ingest_read.h"
#include "limit.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

/* How the rows of every lane begin: what they are about. */
struct key {
    const char *tenant_id, *sid;
};

/* The statements that a kind's rows go to, in the order in which they run in the transaction. */
static const struct {
    const struct db_stmt *stmt;
    ingest_read_fn       *read;
    ingest_merge_fn      *merge; /* NULL: the second of two says nothing new */
} lanes[LANES] = {
    { &sql_ingest_answer_stmt, ingest_read_answer, NULL },
    { &sql_ingest_status_stmt, ingest_read_status, ingest_merge_status },
    { &sql_ingest_dial_stmt, ingest_read_dial, NULL },
    { &sql_ingest_recording_stmt, ingest_read_recording, ingest_merge_recording },
    { &sql_ingest_callee_stmt, ingest_read_callee, NULL },
};

static const size_t lane_of[EVENT_KINDS] = {
    [EVENT_ANSWER] = 0, [EVENT_BROWSER] = 0,   [EVENT_CONSENT] = 0, [EVENT_STATUS] = 1,
    [EVENT_DIAL] = 2,   [EVENT_RECORDING] = 3, [EVENT_CALLEE] = 4,  [EVENT_CALLEE_CONSENT] = 4,
};

/* The row of the lane that is about the same, or n. */
static size_t same(const struct lane *l, size_t size, const char *row)
{
    const struct key *wanted = (const void *)row;
    size_t            i = 0;
    for (; i < l->n; i++) {
        const struct key *k = (const void *)(l->rows + i * size);
        if (strcmp(k->sid, wanted->sid) == 0 && strcmp(k->tenant_id, wanted->tenant_id) == 0) break;
    }
    return i;
}

/* Reads the i-th event into its lane; returns the word under which it is shown. */
static const char *read_event(struct ctx *cx, struct ingest *g, size_t i)
{
    const struct event   *ev = g->v[i];
    const size_t          at = lane_of[ev->kind];
    struct lane          *l = &g->lane[at];
    const struct db_stmt *s = lanes[at].stmt;
    const char           *type = "malformed";
    if (l->rows == NULL) {
        l->rows = arena_alloc(cx->arena, (g->n + 1) * s->in_size);
        l->out = arena_alloc(cx->arena, g->n * (s->row_size > 0 ? s->row_size : 1));
    }
    char *row = l->rows + l->n * s->in_size;
    g->understood[i] = lanes[at].read(cx, ev, row, &type) == OK;
    if (!g->understood[i]) {
        ctx_forgive(cx);
        return "malformed";
    }
    g->where[i] = same(l, s->in_size, row);
    if (g->where[i] == l->n) l->n++;
    else if (lanes[at].merge != NULL) lanes[at].merge(l->rows + g->where[i] * s->in_size, row);
    return type;
}

/* The call that an event is about: the parent's where there is one. */
static const char *root_of(const struct event *ev)
{
    const char *parent = form_get(&ev->form, "ParentCallSid");
    return parent != NULL && parent[0] != '\0' ? parent : ingest_call_sid(ev);
}

void ingest_add(struct ingest *g, const struct db_stmt *s, const void *in, size_t n, void *out)
{
    if (n > 0) g->calls[g->ncalls++] = (struct db_call){ s, in, n, s->nout > 0 ? out : NULL };
}

/* A phone that was rung: its path names a call of any kind, and nothing follows from it for the call's state. */
static bool of_callee(const struct event *ev)
{
    return ev->kind == EVENT_CALLEE || ev->kind == EVENT_CALLEE_CONSENT;
}

/* Events with an intent in their path. */
static void add_intents(struct ctx *cx, struct ingest *g)
{
    struct sql_ingest_bind_in *bind = arena_alloc(cx->arena, g->n * sizeof *bind);
    size_t                     n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct event *ev = g->v[i];
        if (!g->understood[i] || ev->intent == NULL || of_callee(ev)) continue;
        bind[n++] =
            (struct sql_ingest_bind_in){ .tenant_id = ev->tenant, .intent_id = ev->intent, .root_sid = root_of(ev) };
    }
    ingest_add(g, &sql_ingest_bind_stmt, bind, n, NULL);
}

/* Did something of this event's call come before the call itself? Known after the first transaction. */
static bool late(const struct ingest *g, size_t i)
{
    const struct sql_ingest_status *statuses = (const void *)g->lane[lane_of[EVENT_STATUS]].out;
    if (!g->understood[i]) return false;
    if (ingest_answers(g->v[i]->kind)) return ingest_answer_of(g, i)->late;
    return g->v[i]->kind == EVENT_STATUS && statuses[g->where[i]].late;
}

/* A leg and its parent that were both new could not see each other. */
static bool strangers(const struct ingest *g)
{
    const struct lane                 *l = &g->lane[lane_of[EVENT_STATUS]];
    const struct sql_ingest_status_in *row = (const void *)l->rows;
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; row[i].parent_sid != NULL && k < l->n; k++)
            if (strcmp(row[i].parent_sid, row[k].sid) == 0) return true;
    return false;
}

/* Statements over the calls of the batch. first: lanes, and settling what is no answer; else: all that came late. */
static void add_calls(struct ctx *cx, struct ingest *g, bool first)
{
    struct sql_ingest_lock_in   *lock = arena_alloc(cx->arena, g->n * sizeof *lock);
    struct sql_ingest_adopt_in  *adopt = arena_alloc(cx->arena, g->n * sizeof *adopt);
    struct sql_ingest_settle_in *settle = arena_alloc(cx->arena, g->n * sizeof *settle);
    size_t                       locks = 0, calls = 0;
    for (size_t i = 0; i < g->n; i++) {
        const struct event *ev = g->v[i];
        const char         *root = root_of(ev);
        if (!g->understood[i]) continue;
        lock[locks++] = (struct sql_ingest_lock_in){ .tenant_id = ev->tenant, .root_sid = root };
        if (first && (ingest_answers(ev->kind) || of_callee(ev)))
            continue; /* a call that only rings follows from nothing else */
        adopt[calls] = (struct sql_ingest_adopt_in){ .tenant_id = ev->tenant, .root_sid = root };
        settle[calls++] = (struct sql_ingest_settle_in){ .tenant_id = ev->tenant, .root_sid = root };
    }
    g->ncalls = 0;
    ingest_add(g, &sql_ingest_lock_stmt, lock, locks, NULL);
    if (first) add_intents(cx, g);
    if (first) ingest_add_browsers(cx, g);
    for (size_t i = 0; i < LANES && first; i++)
        ingest_add(g, lanes[i].stmt, g->lane[i].rows, g->lane[i].n, g->lane[i].out);
    if (first) ingest_add_consents(cx, g);
    if (!first) ingest_add(g, &sql_ingest_adopt_stmt, adopt, calls, NULL);
    if (!first) ingest_add_refused(cx, g);
    ingest_add(g, &sql_ingest_settle_stmt, settle, calls, NULL);
}

struct ingest *ingest_prepare(struct ctx *cx, struct event *const *v, size_t n)
{
    struct ingest              *g = arena_alloc(cx->arena, sizeof *g);
    struct sql_ingest_event_in *events = arena_alloc(cx->arena, n * sizeof *events);
    g->v = v;
    g->n = n;
    for (size_t i = 0; i < n; i++) {
        const struct event *ev = v[i];
        const char         *type = read_event(cx, g, i);
        events[i] = (struct sql_ingest_event_in){ .tenant_id = ev->tenant,
                                                  .digest = ev->digest,
                                                  .kind = event_word(ev->kind),
                                                  .event_type = type,
                                                  .call_sid = ingest_call_sid(ev),
                                                  .received_ms = ev->received_ms,
                                                  .raw = veil_bytes(cx, ev->veil, ev->raw) };
    }
    add_calls(cx, g, true);
    ingest_add(g, &sql_ingest_event_stmt, events, n, NULL);
    return g;
}

const struct db_call *ingest_rest(struct ctx *cx, struct ingest *g, size_t *n)
{
    bool rest = strangers(g);
    for (size_t i = 0; i < g->n && !rest; i++) rest = late(g, i) || ingest_refused(cx, g, i);
    if (rest) add_calls(cx, g, false);
    *n = rest ? g->ncalls : 0;
    return g->calls;
}

void ingest_also(struct ingest *g, const struct db_call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) g->calls[g->ncalls++] = calls[i];
}

const struct db_call *ingest_calls(const struct ingest *g, size_t *n)
{
    *n = g->ncalls;
    return g->calls;
}

bool ingest_understood(const struct ingest *g, size_t i)
{
    return g->understood[i];
}

void ingest_plan(struct ctx *cx, const struct ingest *g, size_t i, const char *public_url, struct plan *out)
{
    const struct event             *ev = g->v[i];
    const struct sql_ingest_dial   *dials = (const void *)g->lane[lane_of[EVENT_DIAL]].out;
    const struct sql_ingest_callee *callees = (const void *)g->lane[lane_of[EVENT_CALLEE]].out;
    *out = (struct plan){ .n = 0 };
    if (of_callee(ev) && g->understood[i])
        flow_callee(cx, public_url, &callees[g->where[i]], ev->kind != EVENT_CALLEE, ingest_granted(g, i), out);
    else if (ev->kind == EVENT_CONSENT && g->understood[i])
        flow_consent(cx, public_url, ev, ingest_readable(cx, ev, ingest_answer_of(g, i)), ingest_granted(g, i), out);
    else if (ingest_answers(ev->kind) && g->understood[i])
        flow_answer(cx, public_url, ev, ingest_readable(cx, ev, ingest_answer_of(g, i)), out);
    else if (ingest_answers(ev->kind)) flow_unknown(out);
    else if (ev->kind == EVENT_DIAL && g->understood[i]) flow_dial(cx, public_url, &dials[g->where[i]], out);
}

enum err ingest(struct ctx *cx, struct event *const *v, size_t n)
{
    size_t                ncalls = 0;
    struct ingest        *g = ingest_prepare(cx, v, n);
    const struct db_call *calls = ingest_calls(g, &ncalls);
    TRY(db_all(cx, calls, ncalls));
    calls = ingest_rest(cx, g, &ncalls);
    return ncalls == 0 ? OK : db_all(cx, calls, ncalls);
}
