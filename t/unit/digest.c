/* lib/digest: against the vectors of FIPS 180-2, RFC 4231 and RFC 4648. */
#include "digest.h"

#include "unit.h"

#include <string.h>

static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void sha256(void **state)
{
    struct ctx   *cx = *state;
    unsigned char out[DIGEST_SHA256];
    digest_sha256("abc", 3, out);
    assert_string_equal(digest_hex(cx->arena, out, sizeof out), abc);
    struct digest *d = digest_begin();
    digest_add(d, "a", 1);
    digest_add(d, "bc", 2);
    digest_end(d, out);
    assert_string_equal(digest_hex(cx->arena, out, sizeof out), abc);
}

static void hmac(void **state)
{
    struct ctx   *cx = *state;
    unsigned char out[DIGEST_SHA256];
    digest_hmac256("Jefe", 4, "what do ya want for nothing?", 28, out);
    assert_string_equal(digest_hex(cx->arena, out, sizeof out),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void base64(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(digest_base64(cx->arena, "", 0), "");
    assert_string_equal(digest_base64(cx->arena, "f", 1), "Zg==");
    assert_string_equal(digest_base64(cx->arena, "foobar", 6), "Zm9vYmFy");
    assert_true(digest_same("abc", "abc", 3));
    assert_false(digest_same("abc", "abd", 3));
}

UNIT_MAIN(UNIT_TEST(sha256), UNIT_TEST(hmac), UNIT_TEST(base64))
