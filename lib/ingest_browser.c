/* Calls that browsers ask for, and calls that are not forwarded: both stand before the gate. */
#include "check.h"
#include "erasure.h"
#include "flow.h"
#include "gate.h"
#include "ingest_batch.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { LINK_MAX = 200 };

bool ingest_answers(enum event_kind kind)
{
    return kind == EVENT_ANSWER || kind == EVENT_BROWSER || kind == EVENT_CONSENT;
}

const struct sql_ingest_answer *ingest_answer_of(const struct ingest *g, size_t i)
{
    return (const struct sql_ingest_answer *)(const void *)g->lane[LANE_ANSWER].out + g->where[i];
}

/* An id of ours or the CRM's own that a page sent with its call; NULL: none, or none that could be one. */
static const char *link_of(const struct event *ev, const char *key)
{
    const char  *v = form_get(&ev->form, key);
    const size_t n = v == NULL ? 0 : strlen(v);
    return n > 0 && n <= LINK_MAX && check_utf8(v, n) ? v : NULL;
}

/* Where it goes, as the numbering plans know it, and what its page wishes. */
static void read_browser(struct ctx *cx, const struct event *ev, const struct sql_ingest_answer_in *a,
                         struct sql_ingest_browser_in *out)
{
    const char       *to = form_get(&ev->form, "To");
    const char       *dialled = to != NULL && check_e164(to) ? to : ""; /* as Twilio says it: the row may hide it */
    const struct gate g = gate_look(dialled);
    *out = (struct sql_ingest_browser_in){ .tenant_id = a->tenant_id,
                                           .new_id = a->new_id,
                                           .user_id = a->user_id,
                                           .sid = a->sid,
                                           .from_number = a->from_number,
                                           .to_number = a->to_number,
                                           .customer_number = a->customer_number,
                                           .dialled = dialled,
                                           .token = veil_token(cx, ev->veil, VEIL_NUMBER, dialled),
                                           .region = arena_strdup(cx->arena, g.region),
                                           .premium = g.premium,
                                           .marks = erasure_marks(cx, a->tenant_id, dialled),
                                           .wish = a->wish,
                                           .contact = link_of(ev, "contactId"),
                                           .campaign = link_of(ev, "campaignId"),
                                           .received_ms = a->received_ms };
}

void ingest_add_browsers(struct ctx *cx, struct ingest *g)
{
    struct sql_ingest_browser_in      *rows = arena_alloc(cx->arena, (g->n + 1) * sizeof *rows);
    const struct sql_ingest_answer_in *answers_in = (const void *)g->lane[LANE_ANSWER].rows;
    bool                              *seen = arena_alloc(cx->arena, g->n + 1);
    size_t                             n = 0;
    memset(seen, 0, g->n + 1);
    for (size_t i = 0; i < g->n; i++) {
        if (!g->understood[i] || !ingest_answers(g->v[i]->kind) || seen[g->where[i]]) continue;
        seen[g->where[i]] = true;
        const struct sql_ingest_answer_in *a = &answers_in[g->where[i]];
        if (a->user_id != NULL && a->intent_id == NULL) read_browser(cx, g->v[i], a, &rows[n++]);
    }
    ingest_add(g, &sql_ingest_browser_stmt, rows, n,
               arena_alloc(cx->arena, (n + 1) * sizeof(struct sql_ingest_browser)));
}

bool ingest_refused(struct ctx *cx, const struct ingest *g, size_t i)
{
    return g->understood[i] && ingest_answers(g->v[i]->kind) && flow_abroad(cx, ingest_answer_of(g, i));
}

void ingest_add_refused(struct ctx *cx, struct ingest *g)
{
    struct sql_ingest_refuse_in *rows = arena_alloc(cx->arena, (g->n + 1) * sizeof *rows);
    size_t                       n = 0;
    for (size_t i = 0; i < g->n; i++)
        if (ingest_refused(cx, g, i))
            rows[n++] = (struct sql_ingest_refuse_in){ g->v[i]->tenant, ingest_answer_of(g, i)->call_id };
    ingest_add(g, &sql_ingest_refuse_stmt, rows, n, NULL);
}
