/* lib/passwd: scrypt. */
#include "passwd.h"

#include "unit.h"

#include <string.h>

static void a_password_opens_its_hash_and_no_other(void **state)
{
    struct ctx *cx = *state;
    const char *hash, *again;
    assert_int_equal(passwd_hash(cx, "correct horse", &hash), OK);
    assert_int_equal(strncmp(hash, "$scrypt$ln=15,r=8,p=3$", 22), 0);
    assert_true(passwd_valid(cx->arena, "correct horse", hash));
    assert_false(passwd_valid(cx->arena, "correct horsf", hash));
    assert_int_equal(passwd_hash(cx, "correct horse", &again), OK);
    assert_string_not_equal(hash, again); /* a salt each */
}

/* Made by Python's hashlib.scrypt(b"correct horse", salt=bytes(range(16)), n=1024, r=8, p=1, dklen=32): not by us. */
static void the_parameters_of_a_stored_hash_count(void **state)
{
    struct ctx *cx = *state;
    assert_true(
        passwd_valid(cx->arena, "correct horse",
                     "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE"));
}

static void a_broken_or_absent_hash_opens_for_nobody(void **state)
{
    struct ctx        *cx = *state;
    static const char *rows[] = {
        NULL,
        "",
        "$scrypt$",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$",
        "$scrypt$ln=60,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE", /* would take all
                                                                                                       memory */
        "$scrypt$ln=10,r=8$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0O!w$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
        "$argon2id$v=19$m=1,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_row(i, !passwd_valid(cx->arena, "correct horse", rows[i]));
}

/* The time of a login must not tell whether the user exists: both runs cost one scrypt. */
static void an_unknown_user_costs_what_a_known_one_costs(void **state)
{
    struct ctx *cx = *state;
    const char *hash;
    assert_int_equal(passwd_hash(cx, "correct horse", &hash), OK);
    int64_t t0 = clock_us();
    (void)passwd_valid(cx->arena, "wrong horse!", hash);
    int64_t t1 = clock_us();
    (void)passwd_valid(cx->arena, "wrong horse!", NULL);
    int64_t t2 = clock_us();
    assert_true(t2 - t1 > (t1 - t0) / 4); /* a shared machine may be four times slower for a moment, never free */
}

static void refuses_what_is_too_short_or_too_long(void **state)
{
    struct ctx *cx = *state;
    const char *hash;
    char        longer[PASSWD_MAX + 2];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    static const char *rows[] = { "", "1234567", "abcdefg\xFF" };
    for (size_t i = 0; i < 3; i++) {
        ctx_forgive(cx);
        assert_row(i, passwd_hash(cx, rows[i], &hash) == ERR_INVALID);
    }
    ctx_forgive(cx);
    assert_int_equal(passwd_hash(cx, longer, &hash), ERR_INVALID);
}

UNIT_MAIN(UNIT_TEST(a_password_opens_its_hash_and_no_other), UNIT_TEST(the_parameters_of_a_stored_hash_count),
          UNIT_TEST(a_broken_or_absent_hash_opens_for_nobody), UNIT_TEST(an_unknown_user_costs_what_a_known_one_costs),
          UNIT_TEST(refuses_what_is_too_short_or_too_long))
