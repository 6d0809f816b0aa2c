/* Promised calls of which Twilio's answer never came: asked about, never dialled again. */
#include "intent.h"
#include "log.h"
#include "sql.h"
#include "sweep.h"
#include "veil.h"

enum { RESOLVE_MS = 30 * 1000 };

enum err job_intent(struct ctx *cx)
{
    struct db_rows rows;
    TRY(sql_sweep_intents(cx, &rows));
    const struct sql_sweep_intents *open = rows.v;
    if (rows.n > 0) TRY(veil_load(cx));
    for (size_t i = 0; i < rows.n; i++) {
        bool settled = false;
        job_allow(cx, RESOLVE_MS);
        if (intent_resolve(cx, open[i].call_id, &settled) == OK) continue;
        LOG(LOG_WARN, "intent", LOG_TEXT("call", open[i].call_id), LOG_TEXT("reason", cx->err.msg));
        ctx_forgive(cx);
    }
    return OK;
}
