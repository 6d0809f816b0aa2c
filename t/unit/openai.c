/* lib/openai: what replies and refusals mean. */
#include "openai.h"

#include "config.h"
#include "sweep_rig.h"

static void says_which_setting_is_missing(void **state)
{
    static const struct {
        const char *base, *key;
        enum err    want;
    } rows[] = {
        { NULL, NULL, ERR_NOT_CONFIGURED },
        { "https://api.openai.com/v1", NULL, ERR_NOT_CONFIGURED },
        { NULL, "sk-x", OK },
        { "https://api.openai.com/v1", "sk-x", OK },
        { "http://127.0.0.1:8000/v1", NULL, OK },
        { "https://whisper.example/v1", "k", OK },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx         *cx = *state;
        const struct config c = { .openai_base_url = rows[i].base, .openai_api_key = rows[i].key };
        cx->cfg = &c;
        assert_int_equal(openai_ready(cx), rows[i].want);
        if (rows[i].want != OK) assert_non_null(strstr(cx->err.msg, "OPENAI_API_KEY"));
        ctx_forgive(cx);
        cx->cfg = NULL;
    }
}

/* https://platform.openai.com/docs/guides/error-codes */
static void tells_what_cures_a_refusal(void **state)
{
    static const struct {
        int         status;
        const char *body;
        enum err    want;
    } rows[] = {
        { 401, "{\"error\":{\"message\":\"Incorrect API key provided: sk-1\",\"code\":\"invalid_api_key\"}}",
          ERR_UPSTREAM_AUTH },
        { 403, "", ERR_UPSTREAM_AUTH },
        { 404, "{\"error\":{\"code\":\"model_not_found\"}}", ERR_UPSTREAM_AUTH },
        { 429, "{\"error\":{\"type\":\"insufficient_quota\",\"code\":\"insufficient_quota\"}}", ERR_UPSTREAM_AUTH },
        { 429, "{\"error\":{\"type\":\"insufficient_quota\",\"code\":null}}", ERR_UPSTREAM_AUTH },
        { 429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}", ERR_RATE_LIMITED },
        { 429, "", ERR_RATE_LIMITED },
        { 500, "<html>oops</html>", ERR_UPSTREAM },
        { 503, "{", ERR_UPSTREAM },
        { 204, "", ERR_UPSTREAM },
        { 302, "", ERR_UPSTREAM },
        { 400, "{\"error\":{\"message\":\"Audio too short\"}}", ERR_UPSTREAM_REFUSED },
        { 413, "<html>413</html>", ERR_UPSTREAM_REFUSED },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx             *cx = *state;
        const struct http_reply r = { .status = rows[i].status, .body = rows[i].body, .len = strlen(rows[i].body) };
        if (openai_refused(cx, &r) != rows[i].want) fail_msg("row %zu: %s", i, cx->err.msg);
        ctx_forgive(cx);
    }
}

static void never_repeats_what_a_server_says(void **state)
{
    static const char *const rows[] = {
        "{\"error\":{\"message\":\"Incorrect API key provided: sk-canary\"}}",
        "{\"error\":{\"code\":\"sk canary\",\"type\":\"sk-canary\\n\"}}",
        "{\"error\":{\"code\":\"canarycanarycanarycanarycanarycanarycanarycanarycanarycanarycanarycanary\"}}",
        "sk-canary",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx             *cx = *state;
        const struct http_reply r = { .status = 401, .body = rows[i], .len = strlen(rows[i]) };
        assert_int_equal(openai_refused(cx, &r), ERR_UPSTREAM_AUTH);
        assert_null(strstr(cx->err.msg, "canary"));
        ctx_forgive(cx);
    }
}

static void takes_the_answer_out_of_a_chat(void **state)
{
    static const char reply[] =
        "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
        "{\"role\":\"assistant\",\"content\":\"{\\\"a\\\":1}\",\"refusal\":null}}],\"usage\":{}}";
    const char *content;
    assert_int_equal(openai_content(*state, reply, strlen(reply), &content), OK);
    assert_string_equal(content, "{\"a\":1}");
}

static void refuses_answers_that_are_not_whole(void **state)
{
    static const char *const rows[] = {
        "",
        "<html>",
        "{}",
        "{\"choices\":[]}",
        "{\"choices\":{}}",
        "{\"choices\":[{}]}",
        "{\"choices\":[{\"message\":{\"content\":null}}]}",
        "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"\"}}]}",
        "{\"choices\":[{\"finish_reason\":\"length\",\"message\":{\"content\":\"{\\\"a\\\":\"}}]}",
        "{\"choices\":[{\"finish_reason\":\"content_filter\",\"message\":{\"content\":\"x\"}}]}",
        "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"{}\",\"refusal\":\"I cannot\"}}]}",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx *cx = *state;
        const char *content = NULL;
        if (openai_content(cx, rows[i], strlen(rows[i]), &content) != ERR_MALFORMED || content != NULL)
            fail_msg("row %zu passed", i);
        ctx_forgive(cx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_which_setting_is_missing),      TEST(tells_what_cures_a_refusal),
        TEST(never_repeats_what_a_server_says),   TEST(takes_the_answer_out_of_a_chat),
        TEST(refuses_answers_that_are_not_whole),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
