/* lib/seal: secrets at rest. */
#include "seal.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define K1 "k1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define K2 "k2 ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static const char place[] = "twilio_configurations.auth_token:1", secret[] = "0123456789abcdef0123456789abcdef";

static enum err keys(struct ctx *cx, const char *text, mode_t mode, struct seal_keys **out)
{
    char path[] = "/tmp/unit-seal-XXXXXX";
    int  fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0);
    (void)close(fd);
    ctx_forgive(cx);
    enum err e = seal_keys_read(cx, path, out);
    (void)unlink(path);
    return e;
}

static void what_was_sealed_opens_at_its_place_alone(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k;
    const char       *sealed, *again, *text = NULL;
    assert_int_equal(keys(cx, "# master keys\n\n" K1, 0400, &k), OK);
    assert_int_equal(seal_text(cx, k, place, secret, &sealed), OK);
    assert_int_equal(strncmp(sealed, "enc1|k1|", 8), 0);
    assert_null(strstr(sealed, secret));
    assert_int_equal(seal_open(cx, k, place, sealed, &text), OK);
    assert_string_equal(text, secret);
    assert_int_equal(seal_text(cx, k, place, secret, &again), OK);
    assert_string_not_equal(sealed, again);
    assert_int_equal(seal_open(cx, k, "twilio_configurations.auth_token:2", sealed, &text), ERR_INVALID);
    seal_forget(k);
}

static void every_changed_character_is_noticed(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k;
    const char       *sealed, *text;
    assert_int_equal(keys(cx, K1, 0400, &k), OK);
    assert_int_equal(seal_text(cx, k, place, "", &sealed), OK); /* an empty secret is one, too */
    assert_int_equal(seal_open(cx, k, place, sealed, &text), OK);
    assert_string_equal(text, "");
    assert_int_equal(seal_text(cx, k, place, secret, &sealed), OK);
    for (size_t i = 0; sealed[i] != '\0'; i++) {
        char *forged = arena_strdup(cx->arena, sealed);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        ctx_forgive(cx);
        assert_row(i, seal_open(cx, k, place, forged, &text) == ERR_INVALID);
    }
    static const char *rows[] = {
        "", "enc1", "enc1|", "enc1|k1", "enc1|k1|", "enc1|k1||", "enc1|k1|AAAA|AAAA", "plain"
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ctx_forgive(cx);
        assert_row(i, seal_open(cx, k, place, rows[i], &text) == ERR_INVALID);
    }
    seal_forget(k);
}

static void the_newest_key_seals_and_all_open(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *old, *both, *other;
    const char       *sealed, *newer, *text;
    assert_int_equal(keys(cx, K1, 0400, &old), OK);
    assert_int_equal(keys(cx, K1 K2, 0600, &both), OK);
    assert_int_equal(keys(cx, K2, 0640, &other), OK);
    assert_int_equal(seal_text(cx, old, place, secret, &sealed), OK);
    assert_int_equal(seal_text(cx, both, place, secret, &newer), OK);
    assert_int_equal(strncmp(newer, "enc1|k2|", 8), 0);
    assert_int_equal(seal_open(cx, both, place, sealed, &text), OK);
    assert_int_equal(seal_open(cx, other, place, newer, &text), OK);
    assert_int_equal(seal_open(cx, other, place, sealed, &text), ERR_INVALID);
    assert_non_null(strstr(cx->err.msg, "key k1"));
    seal_forget(old);
    seal_forget(both);
    seal_forget(other);
}

static void a_key_file_that_others_read_is_refused(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k;
    assert_int_equal(keys(cx, K1, 0644, &k), ERR_INVALID);
    assert_int_equal(keys(cx, K1, 0660, &k), ERR_INVALID);
    assert_int_equal(keys(cx, "", 0400, &k), ERR_INVALID);
    assert_int_equal(keys(cx, "k1 0011\n", 0400, &k), ERR_INVALID);
    assert_int_equal(keys(cx, "k1\n", 0400, &k), ERR_INVALID);
    ctx_forgive(cx);
    assert_int_equal(seal_keys_read(cx, "/nonexistent", &k), ERR_INVALID);
}

static void a_key_file_is_made_once(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k;
    char              dir[] = "/tmp/unit-keys-XXXXXX";
    struct stat       st;
    assert_non_null(mkdtemp(dir));
    const char *path = arena_printf(cx->arena, "%s/keys", dir);
    assert_int_equal(seal_keys_create(cx, path), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(seal_keys_read(cx, path, &k), OK);
    seal_forget(k);
    assert_int_equal(seal_keys_create(cx, path), ERR_CONFLICT);
    (void)unlink(path);
    (void)rmdir(dir);
}

UNIT_MAIN(UNIT_TEST(what_was_sealed_opens_at_its_place_alone), UNIT_TEST(every_changed_character_is_noticed),
          UNIT_TEST(the_newest_key_seals_and_all_open), UNIT_TEST(a_key_file_that_others_read_is_refused),
          UNIT_TEST(a_key_file_is_made_once))
