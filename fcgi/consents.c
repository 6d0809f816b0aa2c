/* Consents: who allowed or forbade what. Whoever forbids it while he talks is not recorded any further. */
#include "handlers.h"

#include "auth.h"
#include "control.h"
#include "erasure.h"
#include "render.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, EVIDENCE_MAX = 4096, LIVE_MAX = 8 * 1024 };

struct consent {
    const char *number, *purpose, *decision, *method, *evidence, *client;
};

struct search {
    const int64_t *limit;
    const char    *cursor, *number, *client, *purpose, *decision, *call;
    const bool    *count;
};

#define OF(member) offsetof(struct consent, member)
#define AT(member) offsetof(struct search, member)

/* clang-format off */
#define PURPOSES  " call recording sms "
#define DECISIONS " granted refused withdrawn "
static const struct field consent_rows[] = {
    { "number",    FIELD_PHONE, OF(number),   true,  0, 0, NULL },
    { "purpose",   FIELD_WORD,  OF(purpose),  true,  0, 0, PURPOSES },
    { "decision",  FIELD_WORD,  OF(decision), true,  0, 0, DECISIONS },
    { "client_id", FIELD_UUID,  OF(client),   false, 0, 0, NULL },
    { "method",    FIELD_WORD,  OF(method),   false, 0, 0, " api announcement keypress agent import " },
    { "evidence",  FIELD_TEXT,  OF(evidence), false, 1, EVIDENCE_MAX, NULL },
};
static const struct field search_rows[] = {
    { "limit",     FIELD_INT,   AT(limit),    false, 1, PAGE_MAX, NULL },
    { "cursor",    FIELD_TEXT,  AT(cursor),   false, 1, CURSOR_MAX, NULL },
    { "count",     FIELD_BOOL,  AT(count),    false, 0, 0, NULL },
    { "number",    FIELD_PHONE, AT(number),   false, 0, 0, NULL },
    { "client_id", FIELD_UUID,  AT(client),   false, 0, 0, NULL },
    { "call_id",   FIELD_UUID,  AT(call),     false, 0, 0, NULL },
    { "purpose",   FIELD_WORD,  AT(purpose),  false, 0, 0, PURPOSES },
    { "decision",  FIELD_WORD,  AT(decision), false, 0, 0, DECISIONS },
};
/* clang-format on */
const struct fields consent_in = FIELDS(consent_rows, struct consent);
const struct fields consents_query = FIELDS(search_rows, struct search);

/* GET /api/v1/consents ?number&client_id&call_id&purpose&decision&limit&cursor&count -> 200
 * {"data":[...],"next_cursor"} */
enum err consents_list(struct req *rq, struct res *rs)
{
    struct ctx                 *cx = rq->ctx;
    const struct search        *args = rq->args;
    struct sql_consents_page    page;
    int64_t                     us;
    struct sql_consents_page_in in = { .max = args->limit == NULL ? PAGE : *args->limit,
                                       .count = args->count != NULL && *args->count,
                                       .number = args->number,
                                       .token = veil_token(cx, cx->veil, VEIL_NUMBER, args->number),
                                       .marks = erasure_marks(cx, cx->tenant, args->number),
                                       .client_id = args->client,
                                       .call_id = args->call,
                                       .purpose = args->purpose,
                                       .decision = args->decision };
    if (args->cursor != NULL) {
        in.before_us = &us;
        if (!page_cursor(cx->arena, args->cursor, &us, &in.before_id))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(sql_consents_page(cx, &in, &page));
    TRY(res_json(rs, 200, page.doc));
    return page_link(rq, rs, &consents_query, page.next);
}

/* The body as the statement takes it; other: its number is known also where it is sealed elsewhere, or is not. */
static const char *document(struct req *rq)
{
    struct ctx    *cx = rq->ctx;
    struct consent in = *(const struct consent *)rq->in;
    const char    *clear = in.number, *token = veil_token(cx, cx->veil, VEIL_NUMBER, in.number);
    in.number = veil_seal(cx, cx->veil, VEIL_NUMBER, in.number);
    in.evidence = veil_seal(cx, cx->veil, VEIL_TEXT, in.evidence);
    const char *doc = field_print(cx, rq->json, rq->route->in, &in);
    if (token == NULL) return doc;
    return arena_printf(cx->arena, "{\"other\":\"%s\",%s", cx->veil->on ? clear : token, doc + 1);
}

/* Stops what is being recorded of the calls in live, a JSON list; returns how many could not be stopped. Of those that
 * Twilio was not heard of the sweep finds out. */
static enum err stop(struct req *rq, const char *live, int64_t *stopped, int64_t *running)
{
    struct ctx        *cx = rq->ctx;
    const struct json *list;
    const char        *doc;
    TRY(json_parse(cx, live, strlen(live), LIVE_MAX, &list));
    for (const struct json *l = json_first(list); l != NULL; l = json_next(l)) {
        const struct control ask = {
            .kind = "recording_stop", .call = json_text(l), .actor = auth_actor(rq), .origin = rq->remote
        };
        if (control_do(cx, &ask, render_plan, &doc) == OK) ++*stopped;
        else ++*running;
        ctx_forgive(cx);
    }
    return OK;
}

/* POST /api/v1/consents {number, purpose, decision, client_id?, method?, evidence?} -> 201 and Location. Whoever
 * refuses to be recorded, or takes it back, while he talks: his live calls' recordings are stopped. */
enum err consents_add(struct req *rq, struct res *rs)
{
    struct ctx                  *cx = rq->ctx;
    struct sql_consent_create    made = { .id = NULL };
    struct sql_consent_create_in in = { .actor = auth_actor(rq), .origin = rq->remote };
    int64_t                      stopped = 0, running = 0;
    TRY(veil_ready(cx));
    in.doc = document(rq);
    TRY(sql_consent_create(cx, &in, &made));
    if (made.id == NULL) return field_fault(cx, ERR_INVALID, "/client_id", "reference", "is unknown");
    TRY(stop(rq, made.live, &stopped, &running));
    TRY(res_json(rs, 201,
                 arena_printf(cx->arena, "{\"recordings_stopped\":%lld,\"recordings_running\":%lld,%s",
                              (long long)stopped, (long long)running, made.doc + 1)));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "/api/v1/consents/%s", made.id));
}
