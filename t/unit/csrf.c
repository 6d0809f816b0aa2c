/* fcgi/csrf: what a session's unsafe request must show. Compiled in, for no library holds it. */
#include "../../fcgi/csrf.c"

#include "unit.h"

static const char          session[] = "0123456789012345678901234567890123456789abc";
static const struct config cfg = { .public_url = "https://voice.example.com" };

static void unsafe_requests_need_token_and_origin(void **state)
{
    struct ctx *cx = *state;
    cx->cfg = &cfg;
    const char *good = csrf_token(cx->arena, session), *ours = cfg.public_url;
    const char *other = csrf_token(cx->arena, "1123456789012345678901234567890123456789abc");
    const struct {
        enum method method;
        const char *origin, *site, *token;
        enum err    err;
    } rows[] = {
        { METHOD_GET, "https://evil.example", "cross-site", "", OK },
        { METHOD_POST, ours, "", good, OK },
        { METHOD_DELETE, "", "same-origin", good, OK },
        { METHOD_POST, ours, "same-origin", "", ERR_FORBIDDEN },
        { METHOD_POST, ours, "same-origin", other, ERR_FORBIDDEN },
        { METHOD_PATCH, "", "", good, ERR_FORBIDDEN },
        { METHOD_PUT, "", "same-site", good, ERR_FORBIDDEN },
        { METHOD_POST, "https://evil.example", "same-origin", good, ERR_FORBIDDEN },
        { METHOD_POST, "null", "", good, ERR_FORBIDDEN },
        { METHOD_POST, "https://voice.example.com.evil.example", "", good, ERR_FORBIDDEN },
        { METHOD_OTHER, ours, "", "", ERR_FORBIDDEN },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct req rq = { .ctx = cx, .method = rows[i].method };
        rq.origin = rows[i].origin;
        rq.fetch_site = rows[i].site;
        rq.csrf = rows[i].token;
        ctx_forgive(cx);
        assert_row(i, csrf_check(&rq, session) == rows[i].err);
    }
}

static void a_token_is_a_sessions_own_and_does_not_tell_it(void **state)
{
    struct ctx *cx = *state;
    const char *one = csrf_token(cx->arena, session);
    assert_int_equal(strlen(one), 64);
    assert_string_equal(one, csrf_token(cx->arena, session));
    assert_null(strstr(one, "0123456789"));
}

UNIT_MAIN(UNIT_TEST(unsafe_requests_need_token_and_origin), UNIT_TEST(a_token_is_a_sessions_own_and_does_not_tell_it))
