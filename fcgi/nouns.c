/* Contacts, clients, campaigns and numbers: listed, added, shown, changed and deleted in one way. */
#include "handlers.h"

#include "auth.h"
#include "check.h"
#include "sql.h"
#include "veil.h"

#include <string.h>

enum {
    EXTERNAL_MAX = 200,
    NAME_MAX_BYTES = 200,
    TIME_ZONE_MAX = 64,
    SPOKEN_MAX = 4096,
    SOURCE_MAX = 100,
    PHRASE_MAX = 200,
    TAG_MAX = 100,
    LANGUAGE_MAX = 20,
    QUALITY_LOW = 30, /* what a client has that says nothing */
    QUALITY_HIGH = 90,
    QUALITY_MAX = 36000
};

static const char grades_differ[] = "must not be less than quality_low_seconds";

struct noun_body {
    const char    *external_id, *name, *phone_number, *forward_to, *time_zone, *source, *medium, *disclosure_language;
    const int64_t *quality_low_seconds, *quality_high_seconds;
};

struct conversation_body {
    const bool *closed;
};

struct number_body {
    const char    *user_id, *client_id, *campaign_id, *forward_to, *greeting, *disclosure_mode, *disclosure, *source;
    const char    *disclosure_language;
    const bool    *record, *mask_caller, *disabled;
    const char    *record_mode;
    const int64_t *ring_timeout_seconds;
};

struct keyword_body {
    const char *phrase, *heard_from, *tag;
};

#define AT(member) offsetof(struct noun_body, member)
#define OF(member) offsetof(struct number_body, member)

/* clang-format off */
static const struct field contact_rows[] = {
    { "external_id",  FIELD_TEXT,  AT(external_id),  false, 1, EXTERNAL_MAX, NULL },
    { "name",         FIELD_TEXT,  AT(name),         false, 0, NAME_MAX_BYTES, NULL },
    { "phone_number", FIELD_PHONE, AT(phone_number), false, 0, 0, NULL },
    { "time_zone",    FIELD_TEXT,  AT(time_zone),    false, 1, TIME_ZONE_MAX, NULL },
};
static const struct field client_rows[] = {
    { "name",        FIELD_TEXT,  AT(name),        true,  1, NAME_MAX_BYTES, NULL },
    { "external_id", FIELD_TEXT,  AT(external_id), false, 1, EXTERNAL_MAX, NULL },
    { "forward_to",  FIELD_PHONE, AT(forward_to),  false, 0, 0, NULL },
    { "time_zone",   FIELD_TEXT,  AT(time_zone),   false, 1, TIME_ZONE_MAX, NULL },
    { "disclosure_language", FIELD_TEXT, AT(disclosure_language), false, 2, LANGUAGE_MAX, NULL },
    { "quality_low_seconds",  FIELD_INT, AT(quality_low_seconds),  false, 0, QUALITY_MAX, NULL },
    { "quality_high_seconds", FIELD_INT, AT(quality_high_seconds), false, 0, QUALITY_MAX, NULL },
};
static const struct field campaign_rows[] = {
    { "name",        FIELD_TEXT, AT(name),        true,  1, NAME_MAX_BYTES, NULL },
    { "external_id", FIELD_TEXT, AT(external_id), false, 1, EXTERNAL_MAX, NULL },
    { "source",      FIELD_TEXT, AT(source),      false, 1, SOURCE_MAX, NULL },
    { "medium",      FIELD_TEXT, AT(medium),      false, 1, SOURCE_MAX, NULL },
};
static const struct field conversation_rows[] = {
    { "closed", FIELD_BOOL, offsetof(struct conversation_body, closed), true, 0, 0, NULL },
};
static const struct field dnc_rows[] = {
    { "name", FIELD_TEXT, AT(name), true, 1, NAME_MAX_BYTES, NULL },
};
static const struct field number_rows[] = {
    { "source",               FIELD_TEXT,  OF(source),               false, 1, SOURCE_MAX, NULL },
    { "user_id",              FIELD_UUID,  OF(user_id),              false, 0, 0, NULL },
    { "client_id",            FIELD_UUID,  OF(client_id),            false, 0, 0, NULL },
    { "campaign_id",          FIELD_UUID,  OF(campaign_id),          false, 0, 0, NULL },
    { "forward_to",           FIELD_PHONE, OF(forward_to),           false, 0, 0, NULL },
    { "greeting",             FIELD_TEXT,  OF(greeting),             false, 0, SPOKEN_MAX, NULL },
    { "disclosure_mode",      FIELD_WORD,  OF(disclosure_mode),      false, 0, 0, " off announce keypress " },
    { "disclosure",           FIELD_TEXT,  OF(disclosure),           false, 0, SPOKEN_MAX, NULL },
    { "disclosure_language",  FIELD_TEXT,  OF(disclosure_language),  false, 2, LANGUAGE_MAX, NULL },
    { "record",               FIELD_BOOL,  OF(record),               false, 0, 0, NULL },
    { "record_mode",          FIELD_WORD,  OF(record_mode),          true,  0, 0,
      " record-from-answer record-from-ringing record-from-answer-dual record-from-ringing-dual " },
    { "mask_caller",          FIELD_BOOL,  OF(mask_caller),          true,  0, 0, NULL },
    { "disabled",             FIELD_BOOL,  OF(disabled),             true,  0, 0, NULL },
    { "ring_timeout_seconds", FIELD_INT,   OF(ring_timeout_seconds), false, 5, 600, NULL },
};
static const struct field keyword_rows[] = {
    { "phrase",     FIELD_TEXT, offsetof(struct keyword_body, phrase),     true,  1, PHRASE_MAX, NULL },
    { "heard_from", FIELD_WORD, offsetof(struct keyword_body, heard_from), false, 0, 0,
      " anybody agent customer topics " },
    { "tag",        FIELD_TEXT, offsetof(struct keyword_body, tag),        true,  1, TAG_MAX, NULL },
};
/* clang-format on */
const struct fields contact_in = FIELDS(contact_rows, struct noun_body);
const struct fields contact_patch = FIELDS_PARTIAL(contact_rows, struct noun_body);
const struct fields client_in = FIELDS(client_rows, struct noun_body);
const struct fields client_patch = FIELDS_PARTIAL(client_rows, struct noun_body);
const struct fields campaign_in = FIELDS(campaign_rows, struct noun_body);
const struct fields campaign_patch = FIELDS_PARTIAL(campaign_rows, struct noun_body);
const struct fields conversation_patch = FIELDS_PARTIAL(conversation_rows, struct conversation_body);
const struct fields dnc_in = FIELDS(dnc_rows, struct noun_body);
const struct fields dnc_patch = FIELDS_PARTIAL(dnc_rows, struct noun_body);
const struct fields keyword_in = FIELDS(keyword_rows, struct keyword_body);
const struct fields keyword_patch = FIELDS_PARTIAL(keyword_rows, struct keyword_body);
const struct fields number_patch = FIELDS_PARTIAL(number_rows, struct number_body);

/* The statements of one noun; those of a column take and give the same. */
static const struct noun {
    const char           *word, *path;
    const struct db_stmt *page, *load, *create, *change, *drop, *find;
} nouns[] = {
    [NOUN_CONTACT] = { "contact", "/api/v1/contacts", &sql_contacts_page_stmt, &sql_contact_load_stmt,
                       &sql_contact_create_stmt, &sql_contact_change_stmt, &sql_contact_delete_stmt,
                       &sql_contacts_find_stmt },
    [NOUN_CLIENT] = { "client", "/api/v1/clients", &sql_clients_page_stmt, &sql_client_load_stmt,
                      &sql_client_create_stmt, &sql_client_change_stmt, &sql_client_delete_stmt,
                      &sql_clients_find_stmt },
    [NOUN_CAMPAIGN] = { "campaign", "/api/v1/campaigns", &sql_campaigns_page_stmt, &sql_campaign_load_stmt,
                        &sql_campaign_create_stmt, &sql_campaign_change_stmt, &sql_campaign_delete_stmt,
                        &sql_campaigns_find_stmt },
    [NOUN_CONVERSATION] = { "conversation", "/api/v1/conversations", &sql_conversations_page_stmt,
                            &sql_conversation_load_stmt, NULL, &sql_conversation_change_stmt, NULL, NULL },
    [NOUN_NUMBER] = { "number", "/api/v1/numbers", &sql_numbers_page_stmt, &sql_number_load_stmt, NULL,
                      &sql_number_change_stmt, NULL, &sql_numbers_find_stmt },
    [NOUN_DNC] = { "do-not-call list", "/api/v1/dnc-lists", &sql_dnc_lists_page_stmt, &sql_dnc_list_load_stmt,
                   &sql_dnc_list_create_stmt, &sql_dnc_list_change_stmt, NULL, NULL },
    [NOUN_CONSENT] = { "consent", "/api/v1/consents", NULL, &sql_consent_load_stmt, NULL, NULL, NULL, NULL },
    [NOUN_KEYWORD] = { "keyword", "/api/v1/keywords", &sql_keywords_page_stmt, &sql_keyword_load_stmt,
                       &sql_keyword_create_stmt, &sql_keyword_change_stmt, &sql_keyword_delete_stmt, NULL },
    [NOUN_ENDPOINT] = { "endpoint", "/api/v1/webhook-endpoints", &sql_endpoints_page_stmt, &sql_endpoint_load_stmt,
                        NULL, &sql_endpoint_change_stmt, &sql_endpoint_delete_stmt, NULL },
    [NOUN_RULE] = { "rule", "/api/v1/alert-rules", &sql_rules_page_stmt, &sql_rule_load_stmt, &sql_rule_create_stmt,
                    &sql_rule_change_stmt, &sql_rule_delete_stmt, NULL },
    [NOUN_SCHEDULE] = { "schedule", "/api/v1/report-schedules", &sql_schedules_page_stmt, &sql_schedule_load_stmt,
                        &sql_schedule_create_stmt, &sql_schedule_change_stmt, &sql_schedule_delete_stmt, NULL },
    [NOUN_DISCLOSURE] = { "disclosure", "/api/v1/disclosures", &sql_disclosures_page_stmt, &sql_disclosure_load_stmt,
                          &sql_disclosure_create_stmt, &sql_disclosure_change_stmt, &sql_disclosure_delete_stmt, NULL },
};

static const struct noun *noun_of(const struct req *rq)
{
    return &nouns[rq->route->arg];
}

static enum err missing(struct req *rq)
{
    return ctx_fail(rq->ctx, ERR_NOT_FOUND, "no such %s", noun_of(rq)->word);
}

/* What the database says of a unique key names its inside. */
static enum err taken(struct req *rq, enum err e)
{
    if (e != ERR_CONFLICT) return e;
    ctx_forgive(rq->ctx);
    const char *member = rq->route->arg == NOUN_DNC          ? "/name"
                         : rq->route->arg == NOUN_DISCLOSURE ? "/language"
                                                             : "/external_id";
    return field_fault(rq->ctx, ERR_CONFLICT, member, "taken", "is taken");
}

/* The body as the statement takes it: who a contact is may be sealed. */
static enum err document(struct req *rq, const char **out)
{
    struct ctx      *cx = rq->ctx;
    struct noun_body sealed;
    const void      *in = rq->in;
    TRY(veil_ready(cx));
    if (rq->route->arg == NOUN_CONTACT) {
        sealed = *(const struct noun_body *)rq->in;
        sealed.name = veil_seal(cx, cx->veil, VEIL_NAME, sealed.name);
        sealed.phone_number = veil_seal(cx, cx->veil, VEIL_NUMBER, sealed.phone_number);
        in = &sealed;
    }
    *out = field_print(cx, rq->json, rq->route->in, in);
    return OK;
}

/* Talk that makes a lead of a client's good cannot be shorter than what leaves it a poor one. */
static enum err grades(struct req *rq)
{
    const struct noun_body *in = rq->in;
    if (rq->route->arg != NOUN_CLIENT) return OK;
    const int64_t low = in->quality_low_seconds == NULL ? QUALITY_LOW : *in->quality_low_seconds;
    const int64_t high = in->quality_high_seconds == NULL ? QUALITY_HIGH : *in->quality_high_seconds;
    return low <= high ? OK : field_fault(rq->ctx, ERR_INVALID, "/quality_high_seconds", "range", grades_differ);
}

/* GET /api/v1/{nouns} ?limit&cursor&count (of some &q, of contacts also &number) -> 200 {"data":[...],"next_cursor"} */
enum err nouns_list(struct req *rq, struct res *rs)
{
    const bool               people = rq->route->arg == NOUN_CONTACT;
    const struct page_search by = { people ? &sql_contacts_search_stmt : NULL, noun_of(rq)->find };
    return page_search(rq, rs, noun_of(rq)->page, by.part != NULL ? &by : NULL);
}

/* POST /api/v1/{nouns} -> 201 and Location. 409: that external_id is taken. */
enum err nouns_add(struct req *rq, struct res *rs)
{
    struct ctx                  *cx = rq->ctx;
    struct sql_contact_create    made;
    struct sql_contact_create_in in = { .actor = auth_actor(rq), .origin = rq->remote };
    const char                  *path = noun_of(rq)->path;
    TRY(grades(rq));
    TRY(document(rq, &in.doc));
    TRY(taken(rq, db_run(cx, noun_of(rq)->create, &in, &made)));
    TRY(res_json(rs, 201, made.doc));
    return res_header(cx, rs, "Location", arena_printf(cx->arena, "%s/%s", path, made.id));
}

/* GET /api/v1/{nouns}/{id} -> 200. Another tenant's id and one that does not exist are the same 404. */
enum err nouns_show(struct req *rq, struct res *rs)
{
    struct sql_contact_load_in in = { rq->param[0] };
    struct sql_contact_load    found = { 0 };
    if (check_uuid(rq->param[0])) TRY(db_run(rq->ctx, noun_of(rq)->load, &in, &found));
    return found.doc != NULL ? res_json(rs, 200, found.doc) : missing(rq);
}

/* PATCH /api/v1/{nouns}/{id} If-Match? -> 200. Absent members stay, null empties. 412: it is another one by now. */
enum err nouns_change(struct req *rq, struct res *rs)
{
    struct ctx                  *cx = rq->ctx;
    const bool                   any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_contact_change    done = { 0 };
    struct sql_contact_change_in in = {
        .id = rq->param[0], .etag = any ? NULL : rq->if_match, .actor = auth_actor(rq), .origin = rq->remote
    };
    TRY(document(rq, &in.doc));
    if (check_uuid(rq->param[0])) TRY(taken(rq, db_run(cx, noun_of(rq)->change, &in, &done)));
    if (done.verdict == NULL) return missing(rq);
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "it has been changed meanwhile");
    if (strcmp(done.verdict, "changed") == 0) return res_json(rs, 200, done.doc);
    return field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "/%s", done.verdict), "reference",
                       strcmp(done.verdict, "quality_high_seconds") == 0 ? grades_differ
                       : strcmp(done.verdict, "forward_to") == 0         ? "a number cannot forward to itself"
                       : strcmp(done.verdict, "closed") == 0 ? "does not open again: the next call opens another"
                                                             : "is unknown");
}

/* DELETE /api/v1/{nouns}/{id} If-Match? -> 204. What calls say of it stays. 409: numbers in service serve it. */
enum err nouns_delete(struct req *rq, struct res *rs)
{
    struct ctx                  *cx = rq->ctx;
    const bool                   any = *rq->if_match == '\0' || strcmp(rq->if_match, "*") == 0;
    struct sql_contact_delete    done = { 0 };
    struct sql_contact_delete_in in = {
        .id = rq->param[0], .etag = any ? NULL : rq->if_match, .actor = auth_actor(rq), .origin = rq->remote
    };
    if (check_uuid(rq->param[0])) TRY(db_run(cx, noun_of(rq)->drop, &in, &done));
    if (done.verdict == NULL) return missing(rq);
    if (strcmp(done.verdict, "stale") == 0) return ctx_fail(cx, ERR_STALE, "it has been changed meanwhile");
    if (strcmp(done.verdict, "held") == 0)
        return ctx_fail(cx, ERR_CONFLICT, "numbers serve this %s: %s; give them another one, or none, first",
                        noun_of(rq)->word, done.held);
    *rs = (struct res){ .status = 204 };
    return OK;
}

#define SAME(noun, verb)                                                                                     \
    _Static_assert(sizeof(struct sql_##noun##_##verb) == sizeof(struct sql_contact_##verb)                   \
                       && sizeof(struct sql_##noun##_##verb##_in) == sizeof(struct sql_contact_##verb##_in), \
                   "a statement of another shape")
SAME(client, load);
SAME(campaign, load);
SAME(conversation, load);
SAME(number, load);
SAME(dnc_list, load);
SAME(consent, load);
SAME(dnc_list, create);
SAME(dnc_list, change);
SAME(keyword, load);
SAME(client, create);
SAME(campaign, create);
SAME(keyword, create);
SAME(client, change);
SAME(campaign, change);
SAME(conversation, change);
SAME(number, change);
SAME(keyword, change);
SAME(endpoint, load);
SAME(disclosure, load);
SAME(disclosure, create);
SAME(disclosure, change);
SAME(disclosure, delete);
SAME(schedule, load);
SAME(schedule, create);
SAME(schedule, change);
SAME(schedule, delete);
SAME(rule, load);
SAME(rule, create);
SAME(rule, change);
SAME(rule, delete);
SAME(endpoint, change);
SAME(endpoint, delete);
SAME(client, delete);
SAME(campaign, delete);
SAME(keyword, delete);
