/* Recordings: listed, shown, heard, linked to. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "check.h"
#include "media.h"
#include "sql.h"

#include <string.h>

enum { PAGE = 25, LINK_MAX = 400, LINK_MIN_S = 30, LINK_MAX_S = 900, GUIDE_MAX = 256 * 1024, REPLY_MAX = 2048 };

struct audio_args {
    const char *link, *download;
};
struct link_body {
    const int64_t *seconds;
};

/* clang-format off */
static const struct field audio_rows[] = {
    { "link",     FIELD_TEXT, offsetof(struct audio_args, link),     false, 1, LINK_MAX, NULL },
    { "download", FIELD_WORD, offsetof(struct audio_args, download), false, 0, 0, " 1 true " },
};
static const struct field link_rows[] = {
    { "seconds", FIELD_INT, offsetof(struct link_body, seconds), false, LINK_MIN_S, LINK_MAX_S, NULL },
};
/* clang-format on */
const struct fields audio_query = FIELDS(audio_rows, struct audio_args);
const struct fields link_in = FIELDS(link_rows, struct link_body);

static enum err missing(struct req *rq)
{
    return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such recording");
}

/* What follows the sid: "", ".wav", ".mp3". NULL: it is none. */
static const char *suffix(struct req *rq, const char **sid)
{
    enum { SID = 34 };
    const char *text = rq->param[0];
    if (strlen(text) < SID) return NULL;
    *sid = arena_copy(rq->ctx->arena, text, SID);
    return check_sid(*sid, "CA") || check_sid(*sid, "RE") ? text + SID : NULL;
}

/* An entry of the guide's list: what PostgreSQL says of it, and its link. */
static enum err entry(struct req *rq, struct buf *b, const struct sql_recordings_of_call *r)
{
    const char *url = NULL, *until = NULL;
    const char *path = arena_printf(rq->ctx->arena, "/api/twilio/recording/%s.wav", r->sid);
    if (r->stored) TRY(media_link(rq, path, r->seconds, &url, &until));
    buf_printf(b, "%.*s,\"url\":", (int)strlen(r->doc) - 1, r->doc);
    buf_json(b, url);
    buf_str(b, ",\"expiresAt\":");
    buf_json(b, until);
    buf_str(b, "}");
    return OK;
}

static enum err list(struct req *rq, struct res *rs, const char *sid)
{
    struct ctx    *cx = rq->ctx;
    struct buf     b = buf_new(cx->arena, GUIDE_MAX);
    struct db_rows rows;
    TRY(sql_recordings_of_call(cx, &(const struct sql_recordings_of_call_in){ sid, auth_actor(rq), rq->remote },
                               &rows));
    const struct sql_recordings_of_call *r = rows.v;
    if (rows.n == 0) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    buf_printf(&b, "{\"success\":true,\"callSid\":\"%s\",\"status\":\"%s\",\"recordings\":[", sid, r->status);
    for (size_t i = 0; i < rows.n && r[i].sid != NULL; i++) {
        if (i > 0) buf_str(&b, ",");
        TRY(entry(rq, &b, &r[i]));
    }
    buf_str(&b, "]}\n");
    return res_json(rs, 200, b.at);
}

/* GET /api/twilio/recording/{sid} -> 200 {"success":true,"callSid","status","recordings":[...]}, each with a signed
 * url that expires; {sid}.wav: the audio of a recording, or of a call's longest one. A malformed sid and an unknown one
 * are the same 404. Twilio makes .mp3 of what it keeps; here lies what was recorded. */
enum err recordings_of_call(struct req *rq, struct res *rs)
{
    struct ctx *cx = rq->ctx;
    const char *sid = NULL, *rest = suffix(rq, &sid);
    const char *download = form_get(&rq->form, "download");
    if (rest != NULL && *rest == '\0' && *sid == 'C') return list(rq, rs, sid);
    if (rest != NULL && strcmp(rest, ".wav") == 0)
        return media_send(rq, rs, &(const struct media){ .sid = sid, .download = download != NULL });
    if (rest == NULL || strcmp(rest, ".mp3") != 0) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    if (cx->err.code == OK) cx->err.cure = "Recordings are kept as they were made: ask for .wav.";
    return ctx_fail(cx, ERR_NOT_FOUND, "there is no .mp3 of a recording");
}

/* GET /api/v1/recordings, GET /api/v1/clients/{id}/recordings ?limit&cursor&count -> 200 */
enum err recordings_list(struct req *rq, struct res *rs)
{
    struct ctx                   *cx = rq->ctx;
    const struct page_args       *args = rq->args;
    struct sql_recordings_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                         .count = args->count != NULL && *args->count,
                                         .client = rq->param[0] };
    struct sql_recordings_page    page = { .known = false };
    int64_t                       us;
    if (in.client != NULL && !check_uuid(in.client)) return ctx_fail(cx, ERR_NOT_FOUND, "no such client");
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(sql_recordings_page(cx, &in, &page));
    if (!page.known) return ctx_fail(cx, ERR_NOT_FOUND, "no such client");
    TRY(res_json(rs, 200, page.doc));
    if (page.next == NULL) return OK;
    return res_header(cx, rs, "Link",
                      arena_printf(cx->arena, "<%s?limit=%lld&cursor=%s%s>; rel=\"next\"", rq->path, (long long)in.max,
                                   page.next, in.count ? "&count=true" : ""));
}

/* GET /api/v1/recordings/{id} -> 200. Another tenant's id and one that does not exist are the same 404. */
enum err recordings_show(struct req *rq, struct res *rs)
{
    struct sql_recording_show row = { .doc = NULL };
    if (check_uuid(rq->param[0]))
        TRY(sql_recording_show(rq->ctx, &(const struct sql_recording_show_in){ rq->param[0] }, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : missing(rq);
}

/* POST /api/v1/recordings/{id}/links {seconds?} -> 201 {"url","expires_at"}: opens the audio to whoever has it, until
 * then or until the one who asked is logged out, locked out or has another role. */
enum err recordings_link(struct req *rq, struct res *rs)
{
    struct ctx                        *cx = rq->ctx;
    const struct link_body            *body = rq->in;
    struct buf                         b = buf_new(cx->arena, REPLY_MAX);
    struct sql_recording_link          row = { .sid = NULL };
    const struct sql_recording_link_in in = { rq->param[0], body->seconds, auth_actor(rq), rq->remote };
    const char                        *url, *until;
    if (check_uuid(rq->param[0])) TRY(sql_recording_link(cx, &in, &row));
    if (row.sid == NULL) return missing(rq);
    const char *path = arena_printf(cx->arena, "/api/v1/recordings/%s/audio", rq->param[0]);
    TRY(media_link(rq, path, row.seconds, &url, &until));
    buf_printf(&b, "{\"url\":\"%s\",\"expires_at\":\"%s\"}\n", url, until);
    return res_json(rs, 201, b.at);
}

/* GET /api/v1/recordings/{id}/audio ?link&download -> 200 or 206 audio/wav */
enum err recordings_audio(struct req *rq, struct res *rs)
{
    const struct audio_args *args = rq->args;
    if (!check_uuid(rq->param[0])) return missing(rq);
    return media_send(rq, rs, &(const struct media){ .id = rq->param[0], .download = args->download != NULL });
}

/* GET /api/v1/recordings/{id}/waveform -> 200 {"channels","slices","peaks":[[...],[...]]} */
enum err recordings_wave(struct req *rq, struct res *rs)
{
    const struct sql_recording_wave_in in = { rq->param[0], auth_actor(rq), rq->remote };
    struct sql_recording_wave          row = { .doc = NULL };
    if (check_uuid(rq->param[0])) TRY(sql_recording_wave(rq->ctx, &in, &row));
    return row.doc != NULL ? res_json(rs, 200, row.doc) : missing(rq);
}

/* DELETE /api/v1/recordings/{id} -> 204: nobody hears it from now on; the sweep removes the audio here and at Twilio.
 * 409: a legal hold forbids it. */
enum err recordings_erase(struct req *rq, struct res *rs)
{
    struct ctx                         *cx = rq->ctx;
    const struct sql_recording_erase_in in = { rq->param[0], auth_actor(rq), rq->remote };
    struct sql_recording_erase          row = { .found = false };
    if (check_uuid(rq->param[0])) TRY(sql_recording_erase(cx, &in, &row));
    if (!row.found) return missing(rq);
    if (row.hold != NULL) {
        if (cx->err.code == OK) cx->err.cure = "Lift the hold first: GET /api/v1/holds says on what it stands.";
        return ctx_fail(cx, ERR_LEGAL_HOLD, "a legal hold forbids it: %.180s", row.hold);
    }
    *rs = (struct res){ .status = 204 };
    return OK;
}
