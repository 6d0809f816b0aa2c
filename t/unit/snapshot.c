/* lib/snapshot: what is written is found again, and nothing else is. */
#include "snapshot.h"
#include "sql.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define A "01890000-0000-7000-8000-0000000000aa"
#define B "01890000-0000-7000-8000-0000000000bb"

static char dir[] = "/tmp/snapshot-XXXXXX";

static int up(void **state)
{
    *state = arena_new(4 << 20);
    return *state == NULL;
}

static int down(void **state)
{
    arena_free(*state);
    return 0;
}

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) == NULL;
}

static int remove_dir(void **state)
{
    char path[64];
    (void)state;
    (void)snprintf(path, sizeof path, "%s/routes.snapshot", dir);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/routes.snapshot.lock", dir);
    (void)unlink(path);
    return rmdir(dir);
}

static void write_two(struct ctx *cx)
{
    struct sql_snapshot_list v[] = {
        { .tenant_id = A,
          .e164 = "+442079460958",
          .say = "Fish & chips\n= 100 %",
          .dial_to = "+442079460959",
          .ring_timeout_s = 25,
          .language = "en-GB",
          .unanswered = "Sorry.",
          .countries = "GB" },
        { .tenant_id = B,
          .e164 = "+442079460958",
          .dial_to = "+442079460959",
          .ring_timeout_s = 600,
          .language = "de-DE",
          .unanswered = "",
          .countries = "FR US" }, /* it does not call where this number forwards to */
    };
    const bool              seals = true;
    struct sql_account_list acc[] = {
        { .tenant_id = A,
          .account_sid = "AC1",
          .auth_token = "enc1|k|a+b/c=|d",
          .auth_token_secondary = "enc1|k|e|f",
          .data_key = "enc1|k|g|h",
          .sealing = &seals },
        { .tenant_id = B, .account_sid = "AC2", .auth_token = "enc1|k|g|h" },
    };
    assert_int_equal(snapshot_write(cx, dir, &(struct db_rows){ 2, v }, &(struct db_rows){ 2, acc }), OK);
}

static void finds_the_number_of_its_tenant(void **state)
{
    struct ctx               cx = { .arena = *state };
    struct sql_ingest_answer row;
    write_two(&cx);
    assert_int_equal(snapshot_find(&cx, dir, A, "+442079460958", &row), OK);
    assert_string_equal(row.route, "inbound");
    assert_string_equal(row.say, "Fish & chips\n= 100 %");
    assert_string_equal(row.dial_to, "+442079460959");
    assert_null(row.record);
    assert_int_equal(snapshot_find(&cx, dir, B, "+442079460958", &row), OK);
    assert_null(row.dial_to);
    assert_int_equal(row.ring_timeout_s, 600);
}

static void finds_nothing_else(void **state)
{
    static const char *const numbers[] = { "+442079460959", "+44207946095", "442079460958", "",
                                           ("+442079460958&tenant=" A) };
    struct ctx               cx = { .arena = *state };
    struct sql_ingest_answer row;
    write_two(&cx);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_int_equal(snapshot_find(&cx, dir, A, numbers[i], &row), ERR_NOT_FOUND);
        ctx_forgive(&cx);
    }
    assert_int_equal(snapshot_find(&cx, "/nonexistent", A, "+442079460958", &row), ERR_NOT_FOUND);
}

static void keeps_the_accounts_with_their_sealed_tokens(void **state)
{
    struct ctx     cx = { .arena = *state };
    struct db_rows rows;
    write_two(&cx);
    assert_int_equal(snapshot_accounts(&cx, dir, &rows), OK);
    const struct sql_account_list *v = rows.v;
    assert_int_equal(rows.n, 2);
    assert_string_equal(v[0].account_sid, "AC1");
    assert_string_equal(v[0].auth_token, "enc1|k|a+b/c=|d");
    assert_string_equal(v[0].auth_token_secondary, "enc1|k|e|f");
    assert_string_equal(v[1].tenant_id, B);
    assert_null(v[1].auth_token_secondary);
    assert_string_equal(v[0].data_key, "enc1|k|g|h");
    assert_true(v[0].sealing != NULL && *v[0].sealing);
    assert_true(v[1].data_key == NULL && v[1].sealing == NULL);
}

static void a_cut_file_is_no_answer(void **state)
{
    struct ctx               cx = { .arena = *state };
    struct sql_ingest_answer row;
    write_two(&cx);
    const char    *path = arena_printf(*state, "%s/routes.snapshot", dir);
    struct db_rows rows;
    for (off_t n = 700; n >= 0; n--) {
        write_two(&cx);
        assert_int_equal(truncate(path, n), 0);
        ctx_forgive(&cx);
        if (snapshot_find(&cx, dir, A, "+442079460958", &row) == OK) assert_string_equal(row.dial_to, "+442079460959");
        ctx_forgive(&cx);
        if (snapshot_accounts(&cx, dir, &rows) == OK) assert_true(rows.n <= 2);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_number_of_its_tenant),
        TEST(finds_nothing_else),
        TEST(keeps_the_accounts_with_their_sealed_tokens),
        TEST(a_cut_file_is_no_answer),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
