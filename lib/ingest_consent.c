/* Phones that we rang, and keys that were pressed where a recording needs consent. */
#include "ingest_batch.h"
#include "ingest_read.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum err ingest_read_callee(struct ctx *cx, const struct event *ev, void *row, const char **event_type)
{
    struct sql_ingest_callee_in r = { .tenant_id = ev->tenant, .call_id = ev->intent, .from_disk = ev->late };
    TRY(form_sid(cx, &ev->form, "CallSid", "CA", &r.sid));
    if (r.call_id == NULL) return ctx_fail(cx, ERR_INVALID, "the path names no call");
    *event_type = ev->kind == EVENT_CALLEE ? "callee" : "gather";
    *(struct sql_ingest_callee_in *)row = r;
    return OK;
}

static bool has_key(const struct event *ev)
{
    return ev->kind == EVENT_CONSENT || ev->kind == EVENT_CALLEE_CONSENT;
}

/* One key, or none: anything else of Twilio's is a key that is not 1. */
static const char *digits(const struct event *ev)
{
    const char *v = form_get(&ev->form, "Digits");
    return v == NULL || v[0] == '\0' ? "" : strlen(v) == 1 && strchr("0123456789*#ABCD", v[0]) != NULL ? v : "?";
}

static bool same(const struct sql_ingest_consent_in *a, const struct sql_ingest_consent_in *b)
{
    return strcmp(a->sid, b->sid) == 0 && strcmp(a->tenant_id, b->tenant_id) == 0;
}

void ingest_add_consents(struct ctx *cx, struct ingest *g)
{
    struct sql_ingest_consent_in *rows = arena_alloc(cx->arena, (g->n + 1) * sizeof *rows);
    size_t                        n = 0;
    g->granted = arena_alloc(cx->arena, (g->n + 1) * sizeof *g->granted);
    for (size_t i = 0; i < g->n; i++) {
        const struct event *ev = g->v[i];
        if (!g->understood[i] || !has_key(ev)) continue;
        rows[n] = (struct sql_ingest_consent_in){ .tenant_id = ev->tenant,
                                                  .sid = ingest_call_sid(ev),
                                                  .call_id = ev->intent,
                                                  .digits = digits(ev),
                                                  .shown = veil_seal(cx, ev->veil, VEIL_TEXT, digits(ev)),
                                                  .digest = ev->digest,
                                                  .late = ev->late,
                                                  .received_ms = ev->received_ms };
        for (g->key_at[i] = 0; !same(&rows[g->key_at[i]], &rows[n]); g->key_at[i]++)
            ;
        if (g->key_at[i] == n) n++;
    }
    ingest_add(g, &sql_ingest_consent_stmt, rows, n, g->granted);
}

bool ingest_granted(const struct ingest *g, size_t i)
{
    return g->understood[i] && has_key(g->v[i]) && g->granted[g->key_at[i]].granted;
}
