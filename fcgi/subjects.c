/* Everything about one person as a stream: JSON, and a link to each recording's audio, which nginx sends. */
#include "handlers.h"

#include "auth.h"
#include "buf.h"
#include "clock.h"
#include "media.h"
#include "subject.h"

#include <stdatomic.h>
#include <string.h>

/* Characters of a link; a page, and a whole document. */
enum { LINK_MAX = 1024, PAGE_MS = 20 * 1000, EXPORT_MAX_MS = 3600 * 1000 };

struct subject_body {
    const char *number, *contact_id;
};

/* clang-format off */
static const struct field rows[] = {
    { "number",     FIELD_PHONE, offsetof(struct subject_body, number),     false, 0, 0, NULL },
    { "contact_id", FIELD_UUID,  offsetof(struct subject_body, contact_id), false, 0, 0, NULL },
};
/* clang-format on */
const struct fields subject_in = FIELDS(rows, struct subject_body);

/* A document under way. */
struct way {
    struct req  *rq;
    struct sink *to;
    int64_t      until_ms, link_seconds;
};

static bool put(void *arg, const char *bytes, size_t n)
{
    const struct way *w = arg;
    return clock_ms() < w->until_ms && sink_put(w->to, bytes, n);
}

/* The worker's parent is told that it lives. */
static void page(void *arg, struct ctx *cx)
{
    const struct way *w = arg;
    atomic_store(w->rq->beat, clock_ms());
    cx->deadline_ms = clock_ms() + PAGE_MS;
}

/* {"url", "expires_at"}: who asks gets no audio through this worker, however slowly he reads. */
static enum err audio(void *arg, struct ctx *cx, const char *id, struct db_bytes sha256, const char **json)
{
    const struct way *w = arg;
    struct buf        b = buf_new(cx->arena, LINK_MAX);
    const char       *url, *until;
    (void)sha256; /* stands in the row */
    TRY(media_link(w->rq, arena_printf(cx->arena, "/api/v1/recordings/%s/audio", id), w->link_seconds, &url, &until));
    buf_printf(&b, "{\"url\":\"%s\",\"expires_at\":\"%s\"}", url, until);
    *json = b.at;
    return OK;
}

static enum err stream(struct req *rq, struct sink *to)
{
    struct ctx                *cx = rq->ctx;
    const struct subject_body *in = rq->in;
    struct subject_found       who;
    struct way                 w = { .rq = rq, .to = to, .until_ms = clock_ms() + EXPORT_MAX_MS };
    const struct subject_wish  wish = { in->number, in->contact_id, "api", auth_actor(rq), rq->remote };
    TRY(subject_find(cx, &wish, &who));
    w.link_seconds = who.link_seconds;
    return subject_write(cx, &who, &(const struct subject_sink){ &w, put, page, audio });
}

/* POST /api/v1/exports/subject {number} or {contact_id} -> 200, a document of any length
 * A POST, for a number does not belong into addresses, which logs keep. 404: nothing is kept about it. */
enum err subjects_export(struct req *rq, struct res *rs)
{
    struct ctx                *cx = rq->ctx;
    const struct subject_body *in = rq->in;
    if ((in->number == NULL) == (in->contact_id == NULL))
        return field_fault(cx, ERR_INVALID, "/number", "required", "expected a number or a contact_id, one of them");
    *rs = (struct res){ .status = 200, .type = "application/json; charset=utf-8", .stream = stream };
    TRY(res_header(cx, rs, "Cache-Control", "private, no-store"));
    return res_header(cx, rs, "Content-Disposition", "attachment; filename=\"subject.json\"");
}
