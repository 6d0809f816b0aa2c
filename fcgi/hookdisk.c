/* Webhooks while the database is silent: the disk keeps them, callers are answered from the routing snapshot. */
#include "hook.h"

#include "flow.h"
#include "log.h"
#include "snapshot.h"
#include "spool.h"
#include "sql.h"

#include <string.h>

static bool answers(const struct hook *h)
{
    return h->ev.kind == EVENT_ANSWER || h->ev.kind == EVENT_BROWSER || h->ev.kind == EVENT_CONSENT;
}

/* The next instruction of a call, from the routing snapshot; false if it has none. What was pressed is on disk and
 * nobody can look at it: the call goes on unrecorded. */
static bool answer_from_snapshot(const struct hook_pool *p, struct hook *h)
{
    struct sql_ingest_answer row;
    struct plan              plan;
    const char              *to = form_get(&h->ev.form, "To");
    if (h->ev.intent != NULL || to == NULL || snapshot_find(&h->cx, p->cfg->state_dir, h->ev.tenant, to, &row) != OK) {
        ctx_forgive(&h->cx);
        return false;
    }
    if (h->ev.kind == EVENT_CONSENT) flow_consent(&h->cx, p->cfg->public_url, &h->ev, &row, false, &plan);
    else flow_answer(&h->cx, p->cfg->public_url, &h->ev, &row, &plan);
    hook_answer(h, &plan);
    return true;
}

/* The end of a Dial: what can be said without the database. */
static void dial_from_disk(const struct hook_pool *p, struct hook *h)
{
    const char                  *status = form_get(&h->ev.form, "DialCallStatus");
    const struct sql_ingest_dial row = {
        .answered = status == NULL || strcmp(status, "completed") == 0 || strcmp(status, "answered") == 0,
        .unanswered = "Sorry, nobody can take your call at the moment. Goodbye.",
        .language = "en-GB",
    };
    struct plan plan;
    flow_dial(&h->cx, p->cfg->public_url, &row, &plan);
    hook_answer(h, &plan);
}

/* After the event is safe on disk. Where a call waits for its first instruction and the snapshot has none, nginx's
 * static document is better than ours: 503 brings it. */
static void answer_from_disk(const struct hook_pool *p, struct hook *h)
{
    if (answers(h) && !answer_from_snapshot(p, h)) {
        (void)ctx_fail(&h->cx, ERR_UNAVAILABLE, "database: silent");
        hook_refuse(h, NULL);
    } else if (h->ev.kind == EVENT_DIAL) {
        dial_from_disk(p, h);
    } else if (!answers(h)) {
        hook_answer(h, &(const struct plan){ .n = 0 });
    }
}

/* The batch goes to disk with one fdatasync. Not even that: 503, so that Twilio tries again. */
void hook_shelter(struct hook_pool *p, const char *file)
{
    struct ctx cx = { .arena = p->cx.arena };
    const bool safe = spool_append(&cx, p->cfg->state_dir, file, p->events, p->n) == OK;
    if (!safe) LOG(LOG_ERROR, "spool", LOG_TEXT("err", cx.err.msg));
    for (size_t i = 0; i < p->n; i++) {
        struct hook *h = p->v[i];
        if (safe) {
            answer_from_disk(p, h);
        } else {
            (void)ctx_fail(&h->cx, ERR_UNAVAILABLE, "neither database nor disk");
            hook_refuse(h, NULL);
        }
        p->done(h);
    }
    p->n = 0;
}
