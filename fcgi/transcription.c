/* What a tenant decides about its transcripts. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "sql.h"

#include <string.h>

enum { EXCEPTIONS_MAX = 500 };

struct transcription {
    const char    *language, *exceptions;
    const int64_t *minutes_per_month;
    const bool    *analysis;
};

#define AT(member) offsetof(struct transcription, member)

/* clang-format off */
static const struct field rows[] = {
    { "language",          FIELD_TEXT, AT(language),          false, 2, 3, NULL },
    { "minutes_per_month", FIELD_INT,  AT(minutes_per_month), false, 0, 65535, NULL },
    { "analysis",          FIELD_BOOL, AT(analysis),          true,  0, 0, NULL },
    { "exceptions",        FIELD_RAW,  AT(exceptions),        false, 0, 0, NULL },
};
/* clang-format on */
const struct fields transcription_patch = FIELDS_PARTIAL(rows, struct transcription);

static bool is_language(const char *s)
{
    const size_t n = strlen(s);
    return n >= 2 && n <= 3 && strspn(s, "abcdefghijklmnopqrstuvwxyz") == n;
}

static bool absent(const struct json *v)
{
    return v == NULL || json_type(v) == JSON_NULL;
}

/* One of {client_id | number_id, transcribe?, language?}: what is wrong with it, NULL: nothing. */
static const char *wrong(const struct json *e)
{
    const struct json *client = json_get(e, "client_id"), *number = json_get(e, "number_id"),
                      *transcribe = json_get(e, "transcribe"), *language = json_get(e, "language");
    const char *id = json_text(absent(client) ? number : client), *word = json_text(language);
    if (json_type(e) != JSON_OBJECT || absent(client) == absent(number) || id == NULL || !check_uuid(id))
        return "expected the id of either a client or a number";
    if (!absent(transcribe) && json_type(transcribe) != JSON_BOOL) return "transcribe: expected true, false or null";
    if (!absent(language) && (word == NULL || (strcmp(word, "auto") != 0 && !is_language(word))))
        return "language: expected ISO 639-1, such as en, or auto";
    return NULL;
}

static enum err exceptions(struct req *rq)
{
    struct ctx        *cx = rq->ctx;
    const struct json *list = json_get(rq->json, "exceptions");
    size_t             i = 0;
    if (json_count(list) > EXCEPTIONS_MAX) return field_fault(cx, ERR_INVALID, "/exceptions", "range", "is too long");
    for (const struct json *e = json_first(list); e != NULL; e = json_next(e), i++) {
        const char *why = wrong(e);
        if (why != NULL) (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/exceptions/%zu", i), "type", why);
    }
    return cx->err.code;
}

/* GET /api/v1/settings/transcription -> 200 */
enum err transcription_show(struct req *rq, struct res *rs)
{
    struct sql_transcription_show row;
    TRY(sql_transcription_show(rq->ctx, &row));
    return res_json(rs, 200, row.doc);
}

/* PATCH /api/v1/settings/transcription If-Match? -> 200: absent members stay, null gives the default back. */
enum err transcription_change(struct req *rq, struct res *rs)
{
    struct ctx                        *cx = rq->ctx;
    const struct transcription        *in = rq->in;
    const bool                         any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_transcription_change    done;
    struct sql_transcription_change_in change = { .patch = field_print(cx, rq->json, rq->route->in, rq->in),
                                                  .etag = any ? NULL : rq->if_match,
                                                  .actor = auth_actor(rq),
                                                  .origin = rq->remote };
    if (in->language != NULL && !is_language(in->language))
        (void)field_fault(cx, ERR_INVALID, "/language", "type", "expected ISO 639-1, such as en");
    TRY(exceptions(rq));
    TRY(sql_transcription_change(cx, &change, &done));
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "they have been changed meanwhile");
    if (strcmp(done.verdict, "done") == 0) return res_json(rs, 200, done.doc);
    return field_fault(cx, ERR_INVALID, "/exceptions", "reference",
                       strcmp(done.verdict, "client_id") == 0 ? "a client_id is unknown" : "a number_id is unknown");
}
