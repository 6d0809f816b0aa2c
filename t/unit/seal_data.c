/* lib/seal_data, lib/seal_file: tenants' data keys, and key files that grow. */
#include "seal.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define K1 "k1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define K2 "k2 ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static const char tenant[] = "01890000-0000-7000-8000-00000000000a", other[] = "01890000-0000-7000-8000-00000000000b";
static const char place[] = "twilio_configurations.auth_token:1", secret[] = "0123456789abcdef0123456789abcdef";

/* The key file at path, which is made anew. */
static struct seal_keys *keys(struct ctx *cx, const char *text)
{
    char              path[] = "/tmp/unit-seal-XXXXXX";
    int               fd = mkstemp(path);
    struct seal_keys *k = NULL;
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(fd);
    assert_int_equal(seal_keys_read(cx, path, &k), OK);
    (void)unlink(path);
    return k;
}

static void a_tenants_key_opens_what_it_sealed_at_its_place_alone(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k = keys(cx, K1 "\n");
    struct seal_data  d = { .tenant = tenant }, e = { .tenant = tenant };
    const char       *sealed, *again, *text = NULL;
    assert_int_equal(seal_data_make(cx, k, tenant, &d.sealed), OK);
    assert_int_equal(strncmp(d.sealed, "enc1|k1|", 8), 0);
    assert_int_equal(seal_data_text(cx, k, &d, place, secret, &sealed), OK);
    assert_int_equal(seal_data_text(cx, k, &d, place, secret, &again), OK);
    assert_string_not_equal(sealed, again);
    assert_int_equal(strncmp(sealed, "enc2|", 5), 0);
    assert_int_equal(seal_data_open(cx, k, &d, place, sealed, &text), OK);
    assert_string_equal(text, secret);
    assert_int_equal(seal_data_open(cx, k, &d, "twilio_configurations.auth_token:2", sealed, &text), ERR_INVALID);
    ctx_forgive(cx);
    assert_int_equal(seal_data_make(cx, k, tenant, &e.sealed), OK);
    assert_int_equal(seal_data_open(cx, k, &e, place, sealed, &text), ERR_INVALID);
    assert_non_null(strstr(cx->err.msg, "another key"));
    ctx_forgive(cx);
    const struct seal_data moved = { other, d.sealed };
    assert_int_equal(seal_data_open(cx, k, &moved, place, sealed, &text), ERR_INVALID);
    seal_forget(k);
}

static void without_the_key_everything_is_noise(void **state)
{
    struct ctx            *cx = *state;
    struct seal_keys      *k = keys(cx, K1 "\n");
    struct seal_data       d = { .tenant = tenant };
    const struct seal_data gone = { tenant, NULL };
    const char            *sealed, *text;
    assert_int_equal(seal_data_make(cx, k, tenant, &d.sealed), OK);
    assert_int_equal(seal_data_text(cx, k, &d, place, secret, &sealed), OK);
    assert_int_equal(seal_data_open(cx, k, &gone, place, sealed, &text), ERR_INVALID);
    assert_non_null(strstr(cx->err.msg, "shredded"));
    ctx_forgive(cx);
    assert_int_equal(seal_data_text(cx, k, &gone, place, secret, &sealed), ERR_INVALID);
    seal_forget(k);
}

static void secrets_of_a_master_key_still_open(void **state)
{
    struct ctx            *cx = *state;
    struct seal_keys      *k = keys(cx, K1 "\n");
    const struct seal_data none = { tenant, NULL };
    const char            *sealed, *text;
    assert_int_equal(seal_text(cx, k, place, secret, &sealed), OK);
    assert_int_equal(seal_data_open(cx, k, &none, place, sealed, &text), OK);
    assert_string_equal(text, secret);
    seal_forget(k);
}

static void every_changed_character_is_noticed(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k = keys(cx, K1 "\n");
    struct seal_data  d = { .tenant = tenant };
    const char       *sealed, *text;
    assert_int_equal(seal_data_make(cx, k, tenant, &d.sealed), OK);
    assert_int_equal(seal_data_text(cx, k, &d, place, secret, &sealed), OK);
    for (size_t i = 0; sealed[i] != '\0'; i++) {
        char *forged = arena_strdup(cx->arena, sealed);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        ctx_forgive(cx);
        assert_row(i, seal_data_open(cx, k, &d, place, forged, &text) == ERR_INVALID);
    }
    static const char *rows[] = { "", "enc2", "enc2|", "enc2|00000000", "enc2|00000000|", "enc2||", "plain" };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ctx_forgive(cx);
        assert_row(i, seal_data_open(cx, k, &d, place, rows[i], &text) == ERR_INVALID);
    }
    seal_forget(k);
}

static void a_newer_master_key_takes_a_tenants_key_over(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *old = keys(cx, K1 "\n"), *both = keys(cx, K1 "\n" K2 "\n"), *fresh = keys(cx, K2 "\n");
    struct seal_data  d = { .tenant = tenant };
    const char       *sealed, *text;
    assert_string_equal(seal_id(both, 0), "k2");
    assert_int_equal(seal_data_make(cx, old, tenant, &d.sealed), OK);
    assert_int_equal(seal_data_text(cx, old, &d, place, secret, &sealed), OK);
    assert_int_equal(seal_data_renew(cx, both, &d), OK);
    assert_int_equal(strncmp(d.sealed, "enc1|k2|", 8), 0);
    assert_int_equal(seal_data_open(cx, fresh, &d, place, sealed, &text), OK);
    assert_string_equal(text, secret);
    assert_int_equal(seal_data_open(cx, old, &d, place, sealed, &text), ERR_INVALID);
    seal_forget(old);
    seal_forget(both);
    seal_forget(fresh);
}

static void a_key_is_added_behind_a_line_that_was_not_ended(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *k;
    char              path[] = "/tmp/unit-seal-XXXXXX";
    int               fd = mkstemp(path);
    const char       *id;
    assert_true(fd >= 0 && write(fd, K1, sizeof K1 - 1) == sizeof K1 - 1);
    (void)close(fd);
    assert_int_equal(seal_keys_add(cx, path, &id), OK);
    assert_int_equal(seal_keys_read(cx, path, &k), OK);
    assert_string_equal(seal_id(k, 0), id);
    seal_forget(k);
    (void)unlink(path);
    assert_int_equal(seal_keys_add(cx, path, &id), ERR_INVALID);
}

UNIT_MAIN(UNIT_TEST(a_tenants_key_opens_what_it_sealed_at_its_place_alone),
          UNIT_TEST(without_the_key_everything_is_noise), UNIT_TEST(secrets_of_a_master_key_still_open),
          UNIT_TEST(every_changed_character_is_noticed), UNIT_TEST(a_newer_master_key_takes_a_tenants_key_over),
          UNIT_TEST(a_key_is_added_behind_a_line_that_was_not_ended))
