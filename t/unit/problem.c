/* fcgi/problem: errors in the shape the path promises. Compiled in, for no library holds it. */
#include "../../fcgi/problem.c"

#include "json.h"
#include "unit.h"

#include <stdio.h>

static const struct json *answer(struct ctx *cx, enum err e, const struct route *route, struct res *rs)
{
    struct req         rq = { .ctx = cx, .route = route, .path = "/api/v1/x" };
    const struct json *doc = NULL;
    ctx_forgive(cx);
    (void)ctx_fail(cx, e, "words of ours");
    (void)snprintf(cx->id, CTX_ID, "id-1");
    problem(&rq, rs, NULL);
    struct error kept = cx->err;
    ctx_forgive(cx);
    assert_int_equal(json_parse(cx, rs->body, rs->len, 8192, &doc), OK);
    cx->err = kept;
    return doc;
}

static const struct route guide = { .path = "/api/calls/initiate", .shape = SHAPE_GUIDE };

/* What the guides print, word for word, because pages compare it. */
static void the_guides_sentences_are_kept(void **state)
{
    static const struct {
        enum err    err;
        int         status;
        const char *code, *error;
    } cases[] = {
        { ERR_SIGNATURE, 403, "invalid_signature", "Invalid signature" },
        { ERR_NO_NUMBER, 409, "no_number_assigned", "No phone number assigned to user" },
        { ERR_NOT_CONFIGURED, 409, "twilio_not_configured", "Twilio service not initialized" },
        { ERR_ORIGIN, 403, "unauthorized_domain", "Unauthorized domain" },
        { ERR_TOKEN, 503, "token_unavailable", "Failed to get token" },
        { ERR_PHONE, 503, "phone_system", "Phone system error" },
        { ERR_UPSTREAM_AUTH, 502, "twilio_auth_failed", "Failed to make call: authentication failed" },
        { ERR_NOT_FOUND, 404, "not_found", "words of ours" },
    };
    struct res rs;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct json *doc = answer(*state, cases[i].err, &guide, &rs);
        assert_row(i, rs.status == cases[i].status);
        assert_row(i, json_type(json_get(doc, "success")) == JSON_BOOL && !json_bool(json_get(doc, "success"), true));
        assert_row(i, strcmp(json_text(json_get(doc, "error")), cases[i].error) == 0);
        assert_row(i, strcmp(json_text(json_get(doc, "code")), cases[i].code) == 0);
        assert_row(i, json_text(json_get(doc, "cure")) != NULL);
        assert_row(i, strcmp(json_text(json_get(doc, "request_id")), "id-1") == 0);
    }
}

static void the_api_answers_problems(void **state)
{
    struct res         rs;
    const struct json *doc = answer(*state, ERR_INVALID, NULL, &rs);
    int64_t            status = 0;
    assert_string_equal(rs.type, "application/problem+json");
    assert_true(json_int(json_get(doc, "status"), 422, 422, &status));
    assert_string_equal(json_text(json_get(doc, "detail")), "words of ours");
    assert_string_equal(json_text(json_get(doc, "code")), "invalid");
}

static void what_is_inside_stays_inside(void **state)
{
    static const enum err cases[] = { ERR_INTERNAL, ERR_UNAVAILABLE, ERR_NOT_MIGRATED, ERR_TIMEOUT };
    struct res            rs;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)answer(*state, cases[i], &guide, &rs);
        assert_row(i, strstr(rs.body, "words of ours") == NULL);
        (void)answer(*state, cases[i], NULL, &rs);
        assert_row(i, strstr(rs.body, "words of ours") == NULL);
    }
}

static void every_error_has_a_cure(void **state)
{
    struct res rs;
    for (enum err e = ERR_MALFORMED; e <= ERR_TIMEOUT; e++) {
        const struct json *doc = answer(*state, e, &guide, &rs);
        assert_row(e, json_text(json_get(doc, "cure")) != NULL);
        assert_row(e, rs.status == error_status(e));
    }
}

static void some_statuses_carry_a_header(void **state)
{
    struct res  rs;
    struct ctx *cx = *state;
    struct req  rq = { .ctx = cx, .route = &guide };
    (void)answer(cx, ERR_UNAUTHENTICATED, &guide, &rs);
    assert_string_equal(rs.head, "WWW-Authenticate: Bearer\r\n");
    (void)answer(cx, ERR_UNAVAILABLE, &guide, &rs);
    assert_string_equal(rs.head, "Retry-After: 1\r\n");
    ctx_forgive(cx);
    (void)ctx_fail(cx, ERR_METHOD, "x");
    problem(&rq, &rs, "GET, POST");
    assert_string_equal(rs.head, "Allow: GET, POST\r\n");
}

UNIT_MAIN(UNIT_TEST(the_guides_sentences_are_kept), UNIT_TEST(the_api_answers_problems),
          UNIT_TEST(what_is_inside_stays_inside), UNIT_TEST(every_error_has_a_cure),
          UNIT_TEST(some_statuses_carry_a_header))
