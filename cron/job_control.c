/* Jobs control and unpause: what nobody has settled about a live call, and recordings that were paused long enough. */
#include "control.h"
#include "render.h"
#include "sweep.h"
#include "veil.h"

#include <string.h>

enum { AGAIN_S = 10, UNPAUSE_AGAIN_S = 5 };

/* ref: call_commands.id */
enum err job_control(struct ctx *cx, struct job *job)
{
    bool settled = false;
    TRY(veil_load(cx));
    if (control_resolve(cx, job->ref, render_plan, &settled) != OK) return job_ends(cx, job, JOB_RETRY, AGAIN_S);
    return job_finish(cx, job);
}

/* ref: calls.id. Where nothing is recorded any more there is nothing to resume. */
enum err job_unpause(struct ctx *cx, struct job *job)
{
    const struct control ask = { .kind = "recording_resume", .call = job->ref, .actor = "sweep" };
    const char          *doc;
    TRY(veil_load(cx));
    const enum err e = control_do(cx, &ask, render_plan, &doc);
    if (e == ERR_CONFLICT || e == ERR_NOT_FOUND) ctx_forgive(cx);
    else if (e != OK || strstr(doc, "\"unknown\"") != NULL) {
        (void)ctx_fail(cx, ERR_UNKNOWN, "Twilio's answer was lost");
        return job_ends(cx, job, JOB_RETRY, UNPAUSE_AGAIN_S);
    }
    return job_finish(cx, job);
}
