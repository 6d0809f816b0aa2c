/* lib/token: API keys and sessions. */
#include "token.h"

#include "digest.h"
#include "unit.h"

#include <string.h>

static void a_key_that_was_made_is_read_back(void **state)
{
    struct ctx  *cx = *state;
    struct token made, read;
    for (int test = 0; test < 2; test++) {
        token_make(cx->arena, test == 1, &made);
        assert_int_equal(strlen(made.text), 9 + 12 + 1 + 43);
        assert_int_equal(strncmp(made.text, test == 1 ? "shk_test_" : "shk_live_", 9), 0);
        assert_int_equal(strlen(made.prefix), 21);
        assert_int_equal(token_read(cx, made.text, &read), OK);
        assert_string_equal(read.prefix, made.prefix);
        assert_memory_equal(read.hash, made.hash, TOKEN_HASH);
    }
}

static void other_shapes_are_refused(void **state)
{
    struct ctx        *cx = *state;
    static const char *rows[] = {
        "",
        "shk_live_",
        "shk_live_0123456789ab_0123456789012345678901234567890123456789ab",   /* a character short */
        "shk_live_0123456789ab_0123456789012345678901234567890123456789abcd", /* and one too many */
        "shk_live_0123456789aB_0123456789012345678901234567890123456789abc",
        "shk_live_0123456789ab-0123456789012345678901234567890123456789abc",
        "shk_live_0123456789ab_012345678901234567890123456789012345678-abc",
        "shk_prod_0123456789ab_0123456789012345678901234567890123456789abc",
    };
    struct token t;
    assert_int_equal(token_read(cx, "shk_live_0123456789ab_0123456789012345678901234567890123456789abc", &t), OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ctx_forgive(cx);
        assert_row(i, token_read(cx, rows[i], &t) == ERR_UNAUTHENTICATED);
    }
}

static void a_session_is_known_by_its_hash(void **state)
{
    struct ctx   *cx = *state;
    unsigned char made[TOKEN_HASH], read[TOKEN_HASH];
    const char   *text = token_session(cx->arena, made);
    assert_int_equal(strlen(text), 43);
    assert_true(token_session_hash(text, read));
    assert_memory_equal(made, read, TOKEN_HASH);
    assert_false(token_session_hash("", read));
    assert_false(token_session_hash("0123456789012345678901234567890123456789a;c", read));
}

UNIT_MAIN(UNIT_TEST(a_key_that_was_made_is_read_back), UNIT_TEST(other_shapes_are_refused),
          UNIT_TEST(a_session_is_known_by_its_hash))
