/* Recordings of calls: what there is, and the audio. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "config.h"
#include "sql.h"

#include <string.h>

/* The audio: nginx sends the file, with ranges, and no worker is held. Every listener is on record. */
static enum err play(struct req *rq, struct res *rs, const char *sid)
{
    struct ctx                  *cx = rq->ctx;
    struct sql_recording_play_in in = { .sid = sid, .actor = auth_actor(rq), .origin = rq->remote };
    struct sql_recording_play    file;
    TRY(sql_recording_play(cx, &in, &file));
    if (file.path == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no audio of this call is kept here");
    *rs = (struct res){ .status = 200, .type = "audio/wav" };
    TRY(res_header(cx, rs, "Cache-Control", "private, no-store"));
    return res_header(cx, rs, "X-Accel-Redirect", arena_printf(cx->arena, "/_recordings/%s", file.path));
}

/* GET /api/twilio/recording/{CallSid} -> 200 {"success":true,"recordings":[...]}; with .wav the audio.
 * A malformed sid and an unknown one are the same 404. */
enum err recordings_of_call(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    size_t                        n = strlen(rq->param[0]);
    const bool                    wav = n > 4 && strcmp(rq->param[0] + n - 4, ".wav") == 0;
    const char                   *sid = wav ? arena_copy(cx->arena, rq->param[0], n - 4) : rq->param[0];
    struct sql_recordings_of_call list = { 0 };
    if (!check_sid(sid, "CA")) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    if (wav) return play(rq, rs, sid);
    const char *base = arena_printf(cx->arena, "%s/api/twilio/recording/%s", cx->cfg->public_url, sid);
    TRY(sql_recordings_of_call(cx, &(const struct sql_recordings_of_call_in){ sid, base }, &list));
    return list.doc != NULL ? res_json(rs, 200, list.doc) : ctx_fail(cx, ERR_NOT_FOUND, "no such call");
}
