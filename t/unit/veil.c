/* lib/veil: tokens of numbers, names and texts, alone and inside JSON. */
#include "veil.h"

#include "form.h"
#include "id.h"
#include "json.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define K1 "k1 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"
#define K2 "k2 ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

static const char tenant[] = "01890000-0000-7000-8000-00000000000a", other[] = "01890000-0000-7000-8000-00000000000b";
static const char number[] = "+442079460958";

enum { INDEX = 9 + 16 }; /* head and nonce: the blind index */

static struct seal_keys *keys(struct ctx *cx, const char *text)
{
    char              path[] = "/tmp/unit-veil-XXXXXX";
    int               fd = mkstemp(path);
    struct seal_keys *k = NULL;
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(fd);
    assert_int_equal(seal_keys_read(cx, path, &k), OK);
    (void)unlink(path);
    return k;
}

/* A veil of a fresh key. */
static struct veil veil(struct ctx *cx, const char *of, bool on)
{
    struct seal_keys *k = keys(cx, K1);
    struct seal_data  d = { .tenant = of };
    struct veil       v;
    assert_int_equal(seal_data_make(cx, k, of, &d.sealed), OK);
    veil_make(cx, k, &d, on, &v);
    assert_true(v.ready);
    seal_forget(k);
    return v;
}

static void equal_numbers_have_equal_tokens_and_texts_have_not(void **state)
{
    struct ctx       *cx = *state;
    const struct veil v = veil(cx, tenant, true);
    const char       *one = veil_seal(cx, &v, VEIL_NUMBER, number), *two = veil_seal(cx, &v, VEIL_NUMBER, number);
    assert_true(veil_is(one));
    assert_string_equal(one, two);
    assert_string_equal(one, veil_token(cx, &v, VEIL_NUMBER, number));
    assert_string_equal(veil_open(cx, &v, one), number);
    assert_null(strstr(one, "442079"));
    const char *near = veil_seal(cx, &v, VEIL_NUMBER, "+442079460959"), *name = veil_seal(cx, &v, VEIL_NAME, number);
    assert_int_not_equal(strncmp(one, near, INDEX), 0);
    assert_int_not_equal(strncmp(one + 9, name + 9, INDEX - 9), 0);
    assert_int_equal(strlen(one), strlen(near));
    assert_int_equal(strlen(one), strlen(veil_seal(cx, &v, VEIL_NUMBER, "+4420794")));
    one = veil_seal(cx, &v, VEIL_TEXT, "Yes.");
    two = veil_seal(cx, &v, VEIL_TEXT, "Yes.");
    assert_string_not_equal(one, two);
    assert_string_equal(veil_open(cx, &v, one), "Yes.");
    assert_string_equal(veil_open(cx, &v, two), "Yes.");
}

static void what_has_no_veil_or_says_nothing_stays_as_it_is(void **state)
{
    struct ctx       *cx = *state;
    const struct veil off = veil(cx, tenant, false), on = veil(cx, tenant, true);
    const char       *sealed = veil_token(cx, &off, VEIL_NUMBER, number);
    assert_ptr_equal(veil_seal(cx, NULL, VEIL_NUMBER, number), number);
    assert_ptr_equal(veil_seal(cx, &off, VEIL_NUMBER, number), number);
    assert_null(veil_seal(cx, &on, VEIL_NUMBER, NULL));
    assert_string_equal(veil_seal(cx, &on, VEIL_NUMBER, ""), "");
    assert_null(veil_token(cx, NULL, VEIL_NUMBER, number));
    assert_ptr_equal(veil_open(cx, &on, number), number);
    assert_null(veil_open(cx, &on, NULL));
    assert_string_equal(veil_open(cx, &off, sealed), number);
    assert_int_equal(veil_ready(cx), OK);
}

static void lengths_of_all_kinds_come_back(void **state)
{
    static const enum veil_kind kinds[] = { VEIL_NUMBER, VEIL_NAME, VEIL_TEXT };
    struct ctx                 *cx = *state;
    const struct veil           v = veil(cx, tenant, true);
    char                        text[200] = "";
    for (size_t n = 1; n < sizeof text; n++) {
        text[n - 1] = (char)('a' + n % 26);
        for (size_t i = 0; i < 3; i++) {
            const char *sealed = veil_seal(cx, &v, kinds[i], text);
            assert_row(n, strcmp(veil_open(cx, &v, sealed), text) == 0);
        }
    }
}

static void another_tenant_another_key_and_every_changed_character_are_noticed(void **state)
{
    struct ctx       *cx = *state;
    const struct veil v = veil(cx, tenant, true), w = veil(cx, tenant, true);
    struct veil       moved = v;
    const char       *sealed = veil_seal(cx, &v, VEIL_NUMBER, number);
    moved.tenant = other;
    assert_null(veil_open(cx, &w, sealed));
    assert_null(veil_open(cx, &moved, sealed));
    assert_null(veil_open(cx, NULL, sealed));
    for (size_t i = 8; sealed[i] != '\0'; i++) {
        char *forged = arena_strdup(cx->arena, sealed);
        forged[i] = forged[i] == 'p' ? 't' : 'p';
        const char *open = veil_open(cx, &v, forged);
        assert_row(i, open == NULL);
    }
    char *name = arena_strdup(cx->arena, sealed);
    name[8] = 'x'; /* no kind: no token */
    assert_ptr_equal(veil_open(cx, &v, name), name);
    static const char *const none[] = { "", "sealed1|", "sealed1|n", "sealed1|nAAAA", "sealed2|nAAAA", "+44" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_row(i, !veil_is(none[i]));
    char *cut = arena_copy(cx->arena, sealed, strlen(sealed) - 1);
    assert_null(veil_open(cx, &v, cut));
}

static void without_the_key_nothing_is_stored_and_nothing_opens(void **state)
{
    struct ctx            *cx = *state;
    struct seal_keys      *k = keys(cx, K1), *wrong = keys(cx, K2);
    struct seal_data       d = { .tenant = tenant };
    const struct seal_data gone = { tenant, NULL };
    struct veil            v, lost;
    assert_int_equal(seal_data_make(cx, k, tenant, &d.sealed), OK);
    veil_make(cx, k, &d, true, &v);
    veil_make(cx, wrong, &d, true, &lost);
    const char *sealed = veil_seal(cx, &v, VEIL_NUMBER, number);
    assert_false(lost.ready);
    assert_int_equal(cx->err.code, OK);
    assert_string_equal(veil_seal(cx, &lost, VEIL_NUMBER, number), VEIL_LOST);
    assert_null(veil_open(cx, &lost, sealed));
    assert_null(veil_token(cx, &lost, VEIL_NUMBER, number));
    veil_make(cx, k, &gone, true, &lost);
    const struct db_bytes raw = { "From=%2B44", 10 }, kept = veil_bytes(cx, &lost, raw);
    assert_string_equal(kept.at, "sealed=" VEIL_LOST);
    cx->veil = &lost;
    assert_int_equal(veil_ready(cx), ERR_NOT_CONFIGURED);
    seal_forget(k);
    seal_forget(wrong);
}

static void a_newer_master_key_changes_no_token(void **state)
{
    struct ctx       *cx = *state;
    struct seal_keys *old = keys(cx, K1), *both = keys(cx, K1 K2);
    struct seal_data  d = { .tenant = tenant };
    struct veil       v, w;
    assert_int_equal(seal_data_make(cx, old, tenant, &d.sealed), OK);
    veil_make(cx, old, &d, true, &v);
    assert_int_equal(seal_data_renew(cx, both, &d), OK);
    veil_make(cx, both, &d, true, &w);
    assert_string_equal(veil_seal(cx, &v, VEIL_NUMBER, number), veil_seal(cx, &w, VEIL_NUMBER, number));
    seal_forget(old);
    seal_forget(both);
}

static void a_body_with_any_bytes_comes_back_and_is_sealed_once(void **state)
{
    struct ctx           *cx = *state;
    const struct veil     v = veil(cx, tenant, true), off = { .tenant = tenant };
    static const char     any[] = "From=%2B44&x=\0\xFF\x80 y";
    const struct db_bytes raw = { any, sizeof any };
    const struct db_bytes sealed = veil_bytes(cx, &v, raw), again = veil_bytes(cx, &v, sealed);
    const struct db_bytes open = veil_bytes_open(cx, &v, sealed), as_it_was = veil_bytes_open(cx, &v, raw);
    struct form           f;
    assert_int_equal(open.n, sizeof any);
    assert_memory_equal(open.at, any, sizeof any);
    assert_ptr_equal(again.at, sealed.at);
    assert_ptr_equal(as_it_was.at, any);
    assert_ptr_equal(veil_bytes(cx, NULL, raw).at, any);
    assert_ptr_equal(veil_bytes(cx, &off, raw).at, any);
    assert_int_equal(form_parse(cx, sealed.at, sealed.n, &f), OK);
    assert_int_equal(f.n, 1);
    assert_true(veil_is(form_get(&f, "sealed")));
}

static void digests_are_keyed(void **state)
{
    struct ctx       *cx = *state;
    const struct veil v = veil(cx, tenant, true), w = veil(cx, tenant, true), off = veil(cx, tenant, false);
    unsigned char     plain[16] = { 1, 2, 3 }, one[16], two[16], three[16], four[16];
    memcpy(one, plain, 16);
    memcpy(two, plain, 16);
    memcpy(three, plain, 16);
    memcpy(four, plain, 16);
    veil_mark(&v, one, 16);
    veil_mark(&v, two, 16);
    veil_mark(&w, three, 16);
    veil_mark(&off, four, 16);
    assert_memory_equal(one, two, 16);
    assert_memory_not_equal(one, plain, 16);
    assert_memory_not_equal(one, three, 16);
    assert_memory_equal(four, plain, 16);
}

static void requests_are_equal_across_the_switch(void **state)
{
    struct ctx       *cx = *state;
    const struct veil on = veil(cx, tenant, true);
    struct veil       off = on;
    unsigned char     hash[DIGEST_SHA256] = { 1, 2, 3 };
    struct db_bytes   kept, else_, was, then;
    off.on = false;
    veil_digests(cx, hash, &kept, &else_);
    assert_memory_equal(kept.at, hash, sizeof hash);
    assert_null(else_.at);
    cx->veil = &on;
    veil_digests(cx, hash, &kept, &else_);
    assert_memory_not_equal(kept.at, hash, sizeof hash);
    assert_memory_equal(else_.at, hash, sizeof hash);
    cx->veil = &off;
    veil_digests(cx, hash, &was, &then);
    assert_memory_equal(was.at, else_.at, sizeof hash);
    assert_memory_equal(then.at, kept.at, sizeof hash);
}

static void a_document_is_sealed_and_opened_text_by_text(void **state)
{
    static const char  doc[] = "[{\"speaker\":\"customer\",\"start\":1.50,\"text\":\"He said \\\"no\\\"\\n\\u00e9\"},"
                               "{\"owner\":\"agent\",\"n\":null,\"text\":\"\"},[\"a\",true]]";
    struct ctx        *cx = *state;
    const struct veil  v = veil(cx, tenant, true);
    const struct json *was, *is;
    const char        *sealed = NULL, *again = NULL;
    assert_int_equal(veil_json_seal(cx, &v, VEIL_TEXT, doc, &sealed), OK);
    assert_null(strstr(sealed, "He said"));
    assert_non_null(strstr(sealed, "customer"));
    assert_int_equal(veil_json_seal(cx, &v, VEIL_TEXT, sealed, &again), OK);
    assert_ptr_equal(again, sealed);
    const char *open = veil_json_open(cx, &v, sealed);
    assert_int_equal(json_parse(cx, doc, strlen(doc), 1000, &was), OK);
    assert_int_equal(json_parse(cx, open, strlen(open), 1000, &is), OK);
    assert_string_equal(json_print(cx, is), json_print(cx, was));
    assert_int_equal(veil_json_seal(cx, NULL, VEIL_TEXT, doc, &again), OK);
    assert_ptr_equal(again, doc);
    assert_int_equal(veil_json_seal(cx, &v, VEIL_TEXT, "[", &again), ERR_MALFORMED);
}

static void only_whole_strings_are_opened(void **state)
{
    struct ctx       *cx = *state;
    const struct veil v = veil(cx, tenant, true), gone = { .tenant = tenant, .on = true };
    struct arena     *a = cx->arena;
    const char       *t = veil_seal(cx, &v, VEIL_NUMBER, number);
    const struct {
        const char *doc, *open, *lost;
    } rows[] = {
        { arena_printf(a, "{\"phone_number\" : \"%s\"}", t), "{\"phone_number\" : \"+442079460958\"}",
          "{\"phone_number\" : null}" },
        { arena_printf(a, "{\"customer_number\":\"%s\",\"x\":1}", t), "{\"customer_number\":\"+442079460958\",\"x\":1}",
          "{\"customer_number\":null,\"x\":1}" },
        { arena_printf(a, "[\"%s\",\"%s\"]", t, t), "[\"+442079460958\",\"+442079460958\"]",
          "[\"[sealed]\",\"[sealed]\"]" },
        { arena_printf(a, "[\"x%s\"]", t), NULL, NULL },
        { arena_printf(a, "[\"%sx|\"]", t), NULL, NULL },
        { arena_printf(a, "[\"\\\"%s\\\"\"]", t), NULL, NULL },
        { arena_printf(a, "[\"\\\\\",\"%s\"]", t), "[\"\\\\\",\"+442079460958\"]", "[\"\\\\\",\"[sealed]\"]" },
        { arena_printf(a, "\"%s\"", t), "\"+442079460958\"", "\"[sealed]\"" },
        { arena_printf(a, "[\"%s", t), NULL, NULL }, /* not closed: not ours */
        { "[\"sealed1|\"]", NULL, NULL },
        { "[\"sealed1|n\"]", NULL, NULL },
        { "\"sealed1|n\\", NULL, NULL },
        { "", NULL, NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *open = rows[i].open == NULL ? rows[i].doc : rows[i].open;
        const char *lost = rows[i].lost == NULL ? rows[i].doc : rows[i].lost;
        assert_row(i, strcmp(veil_json_open(cx, &v, rows[i].doc), open) == 0);
        assert_row(i, strcmp(veil_json_open(cx, &gone, rows[i].doc), lost) == 0);
        assert_row(i, strcmp(veil_json_open(cx, NULL, rows[i].doc), lost) == 0);
    }
}

/* Documents of random strings, some of them tokens, cut and bent: what is JSON stays JSON, and nothing reads beyond. */
static void bent_documents_do_no_harm(void **state)
{
    static const char bits[] = "\"\\[]{}:, sealed1|npt\"\\u0041\xC3\xA9=\n";
    struct ctx       *cx = *state;
    const struct veil v = veil(cx, tenant, true);
    unsigned char     r[64];
    for (size_t round = 0; round < 20000; round++) {
        struct ctx  part = { .arena = arena_new(UNIT_CAP) };
        const char *t = veil_seal(&part, &v, round % 2 == 0 ? VEIL_NUMBER : VEIL_TEXT, "\"\\\n+44");
        char       *doc = arena_printf(part.arena, "[\"%s\",{\"a\":\"%s\"}]", t, t);
        id_bytes(r, sizeof r);
        for (size_t i = 0; i < r[0] % 4U; i++)
            doc[(size_t)(r[i + 1] << 8 | r[i + 9]) % strlen(doc)] = bits[r[i + 17] % (sizeof bits - 1)];
        const struct json *was, *is;
        const bool         good = json_parse(&part, doc, strlen(doc), 4096, &was) == OK;
        ctx_forgive(&part);
        const char *open = veil_json_open(&part, &v, doc);
        if (good) assert_row(round, json_parse(&part, open, strlen(open), 4096, &is) == OK);
        arena_free(part.arena);
    }
}

UNIT_MAIN(UNIT_TEST(equal_numbers_have_equal_tokens_and_texts_have_not),
          UNIT_TEST(what_has_no_veil_or_says_nothing_stays_as_it_is), UNIT_TEST(lengths_of_all_kinds_come_back),
          UNIT_TEST(another_tenant_another_key_and_every_changed_character_are_noticed),
          UNIT_TEST(without_the_key_nothing_is_stored_and_nothing_opens),
          UNIT_TEST(a_newer_master_key_changes_no_token),
          UNIT_TEST(a_body_with_any_bytes_comes_back_and_is_sealed_once), UNIT_TEST(digests_are_keyed),
          UNIT_TEST(requests_are_equal_across_the_switch), UNIT_TEST(a_document_is_sealed_and_opened_text_by_text),
          UNIT_TEST(only_whole_strings_are_opened), UNIT_TEST(bent_documents_do_no_harm))
