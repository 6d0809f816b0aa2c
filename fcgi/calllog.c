/* The call log: looked through, and what people note in it. */
#include "calllog.h"

#include "auth.h"
#include "check.h"
#include "handlers.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum { PAGE = 25, PAGE_MAX = 100, CURSOR_MAX = 60, WORD_MAX = 100, NOTES_MAX = 20000, TIME_MAX = 40 };
enum { TALK_MAX = 65535 };

#define AT(member) offsetof(struct call_args, member)

/* clang-format off */
#define STATUSES " queued initiated ringing in-progress completed busy failed no-answer canceled "
#define OUTCOMES " answered missed handled blocked connected busy no-answer failed canceled agent_unreached refused " \
                 "unknown "
#define REASONS  " out_of_hours abandoned nobody_available rejected failed no_answer "
#define LEADS    " open qualified unqualified spam duplicate "
static const struct field rows[] = {
    { "limit",           FIELD_INT,   AT(page.limit),      false, 1, PAGE_MAX, NULL },
    { "cursor",          FIELD_TEXT,  AT(page.cursor),     false, 1, CURSOR_MAX, NULL },
    { "count",           FIELD_BOOL,  AT(page.count),      false, 0, 0, NULL },
    { "sort",            FIELD_WORD,  AT(sort),            false, 0, 0, " newest oldest longest shortest " },
    /* Up to here of a page alone, the last row of an export alone. */
    { "client_id",       FIELD_UUID,  AT(client_id),       false, 0, 0, NULL },
    { "user_id",         FIELD_UUID,  AT(user_id),         false, 0, 0, NULL },
    { "number_id",       FIELD_UUID,  AT(number_id),       false, 0, 0, NULL },
    { "campaign_id",     FIELD_UUID,  AT(campaign_id),     false, 0, 0, NULL },
    { "contact_id",      FIELD_UUID,  AT(contact_id),      false, 0, 0, NULL },
    { "direction",       FIELD_WORD,  AT(direction),       false, 0, 0, " inbound outbound " },
    { "status",          FIELD_WORD,  AT(status),          false, 0, 0, STATUSES },
    { "outcome",         FIELD_WORD,  AT(outcome),         false, 0, 0, OUTCOMES },
    { "missed_reason",   FIELD_WORD,  AT(missed_reason),   false, 0, 0, REASONS },
    { "kind",            FIELD_WORD,  AT(kind),            false, 0, 0, " conversation message manual " },
    { "source",          FIELD_TEXT,  AT(source),          false, 1, WORD_MAX, NULL },
    { "country",         FIELD_TEXT,  AT(country),         false, 2, 3, NULL },
    { "customer_number", FIELD_PHONE, AT(customer_number), false, 0, 0, NULL },
    { "number",          FIELD_PHONE, AT(number),          false, 0, 0, NULL },
    { "tag",             FIELD_TEXT,  AT(tag),             false, 1, WORD_MAX, NULL },
    { "disposition",     FIELD_TEXT,  AT(disposition),     false, 1, WORD_MAX, NULL },
    { "lead_status",     FIELD_WORD,  AT(lead_status),     false, 0, 0, LEADS },
    { "from",            FIELD_DATE,  AT(from),            false, 0, 0, NULL },
    { "to",              FIELD_DATE,  AT(to),              false, 0, 0, NULL },
    { "text",            FIELD_TEXT,  AT(text),            false, 2, WORD_MAX, NULL },
    { "voicemail",       FIELD_BOOL,  AT(voicemail),       false, 0, 0, NULL },
    { "test",            FIELD_BOOL,  AT(test),            false, 0, 0, NULL },
    { "has_recording",   FIELD_BOOL,  AT(has_recording),   false, 0, 0, NULL },
    { "min_talk",        FIELD_INT,   AT(min_talk),        false, 0, TALK_MAX, NULL },
    { "max_talk",        FIELD_INT,   AT(max_talk),        false, 0, TALK_MAX, NULL },
    { "unreturned",      FIELD_BOOL,  AT(unreturned),      false, 0, 0, NULL },
    { "dialect",         FIELD_WORD,  AT(dialect),         false, 0, 0, " rfc4180 excel " },
};
enum { ROWS = sizeof rows / sizeof *rows, FIRST_FILTER = 4 };

const struct fields calls_query = { .v = rows, .n = ROWS - 1, .size = sizeof(struct call_args) };
const struct fields calls_export_query = { .v = rows + FIRST_FILTER, .n = ROWS - FIRST_FILTER,
                                           .size = sizeof(struct call_args) };

struct note {
    const char *notes, *tags, *disposition, *follow_up_at, *value, *value_currency, *lead_status;
    const bool *transcribe;
};
#define OF(member) offsetof(struct note, member)
static const struct field note_rows[] = {
    { "notes",          FIELD_TEXT,  OF(notes),          false, 0, NOTES_MAX, NULL },
    { "tags",           FIELD_RAW,   OF(tags),           false, 0, 0, NULL },
    { "disposition",    FIELD_TEXT,  OF(disposition),    false, 1, WORD_MAX, NULL },
    { "follow_up_at",   FIELD_TEXT,  OF(follow_up_at),   false, 10, TIME_MAX, NULL },
    { "value",          FIELD_MONEY, OF(value),          false, 0, 0, NULL },
    { "value_currency", FIELD_TEXT,  OF(value_currency), false, 3, 3, NULL },
    { "lead_status",    FIELD_WORD,  OF(lead_status),    false, 0, 0, LEADS },
    { "transcribe",     FIELD_BOOL,  OF(transcribe),     false, 0, 0, NULL },
};
/* clang-format on */
const struct fields call_patch = FIELDS_PARTIAL(note_rows, struct note);

enum err calllog_filter(struct ctx *cx, const struct fields *query, const struct call_args *a, const char **out)
{
    const char *customer = veil_token(cx, cx->veil, VEIL_NUMBER, a->customer_number);
    const char *number = veil_token(cx, cx->veil, VEIL_NUMBER, a->number);
    if (a->text != NULL && cx->veil != NULL)
        return field_fault(cx, ERR_INVALID, "?text", "sealed",
                           "words of transcripts cannot be looked for while the tenant's calls are sealed");
    const char *doc = field_print(cx, NULL, query, a);
    if (customer != NULL) doc = arena_printf(cx->arena, "{\"customer_number_token\":\"%s\",%s", customer, doc + 1);
    if (number != NULL) doc = arena_printf(cx->arena, "{\"number_token\":\"%s\",%s", number, doc + 1);
    *out = doc;
    return OK;
}

/* GET /api/v1/calls ?filters&sort&limit&cursor&count -> 200 {"data":[...],"next_cursor"} */
enum err calls_list(struct req *rq, struct res *rs)
{
    struct ctx              *cx = rq->ctx;
    const struct call_args  *a = rq->args;
    struct sql_calls_find_in in = { .sort = a->sort == NULL ? "newest" : a->sort,
                                    .max = a->page.limit == NULL ? PAGE : *a->page.limit,
                                    .count = a->page.count != NULL && *a->page.count };
    struct sql_calls_find    page;
    int64_t                  at;
    if (a->page.cursor != NULL) {
        in.at = &at;
        if (!page_cursor(cx->arena, a->page.cursor, &at, &in.after))
            return field_fault(cx, ERR_INVALID, "?cursor", "cursor", "take the next_cursor of the page before");
    }
    TRY(calllog_filter(cx, &calls_query, a, &in.filter));
    TRY(sql_calls_find(cx, &in, &page));
    TRY(res_json(rs, 200, page.doc));
    return page_link(rq, rs, &calls_query, page.next);
}

/* What is said about a member that does not go with the others. */
static enum err refuse(struct req *rq, const char *verdict)
{
    static const char *const words[][3] = {
        { "disposition", "reference", "is none of GET /api/v1/dispositions" },
        { "follow_up_at", "missing", "this disposition needs a time" },
        { "value", "missing", "a value and value_currency go together" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(verdict, words[i][0]) == 0)
            return field_fault(rq->ctx, ERR_INVALID, arena_printf(rq->ctx->arena, "/%s", words[i][0]), words[i][1],
                               words[i][2]);
    if (strcmp(verdict, "transcribe") == 0)
        return ctx_fail(rq->ctx, ERR_CONFLICT, "its recording is being transcribed, or was");
    return ctx_fail(rq->ctx, ERR_STALE, "it has been changed meanwhile");
}

/* PATCH /api/v1/calls/{id} {notes?, tags?, disposition?, follow_up_at?, value?, value_currency?, lead_status?,
 * transcribe?} If-Match? -> 200 call. Absent members stay, null empties. 409: it is being transcribed, or was. */
enum err calls_change(struct req *rq, struct res *rs)
{
    struct ctx                         *cx = rq->ctx;
    const bool                          any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_call_change              done = { 0 };
    struct sql_call_change_in           in = { .id = rq->param[0],
                                               .doc = field_print(cx, rq->json, rq->route->in, rq->in),
                                               .etag = any ? NULL : rq->if_match,
                                               .actor = auth_actor(rq),
                                               .origin = rq->remote };
    const struct sql_call_transcribe_in again = { rq->param[0] };
    struct sql_call_transcribe          applied;
    const struct db_call                calls[] = { { &sql_call_change_stmt, &in, 1, &done },
                                                    { &sql_call_transcribe_stmt, &again, 1, &applied } };
    if (check_uuid(rq->param[0])) TRY(db_all(cx, calls, json_get(rq->json, "transcribe") == NULL ? 1 : 2));
    if (done.verdict == NULL) return ctx_fail(cx, ERR_NOT_FOUND, "no such call");
    return strcmp(done.verdict, "changed") == 0 ? res_json(rs, 200, done.doc) : refuse(rq, done.verdict);
}
