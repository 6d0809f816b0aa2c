/* The audio of recordings as an answer, and links to it. */
#include "media.h"

#include "auth.h"
#include "clock.h"
#include "config.h"
#include "sql.h"
#include "ticket.h"

enum { SECONDS = 19 }; /* characters of RFC 3339 up to its seconds */

/* The name is ours alone: a sid and a date, so that nothing in it needs quoting. */
static enum err headers(struct req *rq, struct res *rs, const struct sql_recording_play *r, bool download)
{
    struct ctx *cx = rq->ctx;
    const char *name = arena_printf(cx->arena, "%s; filename=\"recording-%s-%s.wav\"",
                                    download ? "attachment" : "inline", r->day, r->sid);
    *rs = (struct res){ .status = 200, .type = "audio/wav" };
    TRY(res_header(cx, rs, "Cache-Control", "private, no-store"));
    return res_header(cx, rs, "Content-Disposition", name);
}

enum err media_send(struct req *rq, struct res *rs, const struct media *m)
{
    struct ctx                        *cx = rq->ctx;
    struct sql_recording_play          r = { .sid = NULL };
    const struct sql_recording_play_in in = { .id = m->id,
                                              .sid = m->sid,
                                              .action = m->download ? "recording.download" : "recording.play",
                                              .actor = auth_actor(rq),
                                              .origin = rq->remote,
                                              .detail = rq->by_link ? "{\"by\":\"link\"}" : "{}" };
    TRY(sql_recording_play(cx, &in, &r));
    if (r.sid == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no audio of this is kept here");
    TRY(headers(rq, rs, &r, m->download));
    return res_header(cx, rs, "X-Accel-Redirect", arena_printf(cx->arena, "/_recordings/%s", r.path));
}

enum err media_link(struct req *rq, const char *path, int64_t seconds, const char **url, const char **until)
{
    struct ctx         *cx = rq->ctx;
    const int64_t       until_s = clock_unix_ms() / 1000 + seconds;
    const char         *text;
    const struct ticket t = {
        .tenant = cx->tenant,
        .kind = rq->session_id != NULL ? "session"
                : rq->user != NULL     ? "user"
                                       : "key",
        .id = rq->session_id != NULL ? rq->session_id
              : rq->user != NULL     ? rq->user
                                     : rq->key,
        .role = rq->role,
    };
    TRY(ticket_make(cx, path, &t, until_s, &text));
    *url = arena_printf(cx->arena, "%s%s?link=%s", cx->cfg->public_url, path, text);
    *until = arena_printf(cx->arena, "%.*sZ", SECONDS, clock_rfc3339(cx->arena, until_s * 1000));
    return OK;
}
