/* The audio of recordings as an answer, and links to it. */
#include "media.h"

#include "auth.h"
#include "clock.h"
#include "config.h"
#include "digest.h"
#include "s3.h"
#include "sql.h"
#include "store.h"
#include "ticket.h"
#include "twilio.h"

#include <string.h>

/* How long nginx may take to ask the bucket; characters of RFC 3339 up to its seconds. */
enum { S3_LINK_S = 60, SECONDS = 19 };

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

/* nginx passes on what Twilio sends; the account's password reaches nginx alone, which shows it to Twilio. */
static enum err accel_twilio(struct ctx *cx, struct res *rs, const struct sql_recording_play *r, const char **to)
{
    struct twilio t;
    TRY(twilio_load(cx, &t));
    const char *url = twilio_media_url(cx->arena, &t, r->sid, r->channels == NULL ? 1 : (int)*r->channels);
    const char *pair = arena_printf(cx->arena, "%s:%s", t.user, t.password);
    *to = arena_printf(cx->arena, "/_twilio%s", url + strlen(t.base));
    return res_header(cx, rs, "X-Switchhook-Authorization",
                      arena_printf(cx->arena, "Basic %s", digest_base64(cx->arena, pair, strlen(pair))));
}

/* That a file does not open is our fault, whatever the reason; the log has it. */
static enum err copy(struct ctx *cx, const struct store_place *at)
{
    if (store_copy(cx, at) == ERR_INVALID) cx->err.code = ERR_INTERNAL;
    return cx->err.code;
}

/* Where nginx finds the bytes. An encrypted file is first laid down in the clear, which takes as long as our disk or
 * bucket does, and never as long as the listener. */
static enum err accel(struct ctx *cx, struct res *rs, const struct sql_recording_play *r)
{
    const struct store_place at = { .tenant = cx->tenant,
                                    .id = r->id,
                                    .sid = r->sid,
                                    .storage = r->storage,
                                    .path = r->path,
                                    .sealed_key = r->sealed_key };
    const char              *to = arena_printf(cx->arena, "/_recordings/%s", r->path);
    struct s3                s3;
    if (r->sealed_key != NULL) {
        TRY(copy(cx, &at));
        to = arena_printf(cx->arena, "/_play/%s.wav", r->id);
    } else if (strcmp(r->storage, "s3") == 0) {
        TRY(s3_load(cx, &s3));
        to = arena_printf(cx->arena, "/_s3%s", s3_link(cx->arena, &s3, r->path, S3_LINK_S, clock_unix_ms()));
    } else if (strcmp(r->storage, "twilio") == 0) {
        TRY(accel_twilio(cx, rs, r, &to));
    }
    return res_header(cx, rs, "X-Accel-Redirect", to);
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
    return accel(cx, rs, &r);
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
