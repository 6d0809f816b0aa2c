/* lib/env: settings files as systemd reads them. */
#include "env.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *value_of(struct ctx *cx, const char *text, const char *name)
{
    struct env e;
    ctx_forgive(cx);
    return env_parse(cx, "file", text, strlen(text), &e) == OK ? env_get(&e, name) : NULL;
}

/* https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#EnvironmentFile= */
static void reads_what_systemd_reads(void **state)
{
    static const struct {
        const char *text, *a;
    } rows[] = {
        { "A=1", "1" },
        { "A=1\nA=2\n", "2" },
        { "  A = 1 \t\r\n", "1" },
        { "# A=0\n; A=0\n\nA=1", "1" },
        { "# one \\\nA=0\nA=1", "1" },
        { "A=", "" },
        { "A='a b'", "a b" },
        { "A=\"a b\"", "a b" },
        { "A='a\\n$b'", "a\\n$b" },
        { "A=\"a\\\"b\\\\c\\$d\\x\"", "a\"b\\c$d\\x" },
        { "A=a\\ b", "a b" },
        { "A=a \\\nb", "a b" },
        { "A=\"a\\\nb\"", "ab" },
        { "A='a\nb'", "a\nb" },
        { "A=it's", "it's" },
        { "A='one' 'two'", "onetwo" },
        { "A=host=/x dbname=y # no comment", "host=/x dbname=y # no comment" },
        { "A=\"caf\xC3\xA9\"", "caf\xC3\xA9" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *a = value_of(*state, rows[i].text, "A");
        assert_row(i, a != NULL && strcmp(a, rows[i].a) == 0);
    }
}

static void refuses_what_is_no_assignment_and_names_the_line(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "A=1\nB", "line 2: expected NAME=VALUE" },
        { "A B=1", "line 1: a name is letters, digits and _" },
        { "1A=1", "a name is" },
        { "=1", "a name is" },
        { "\n\nA=\"x\ny", "line 3: a quote is not closed" },
        { "export A=1", "a name is" },
        { "A=\xFF", "not UTF-8" },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct env e;
        ctx_forgive(cx);
        assert_row(i, env_parse(cx, "file", rows[i].text, strlen(rows[i].text), &e) == ERR_INVALID);
        assert_row(i, strstr(cx->err.msg, rows[i].why) != NULL);
    }
}

static void a_missing_file_is_not_found(void **state)
{
    struct env e;
    assert_int_equal(env_read(*state, "/nonexistent/switchhook.env", &e), ERR_NOT_FOUND);
}

/* So many that room for the largest allowed each would be over the arena's cap. */
static void a_file_takes_the_room_that_it_needs(void **state)
{
    enum { TIMES = 100, MOST = 1 << 20 };
    char        path[] = "/tmp/switchhook-env-XXXXXX";
    const int   fd = mkstemp(path);
    const char *text;
    size_t      n;
    assert_true(fd >= 0 && write(fd, "A=1\n", 4) == 4 && close(fd) == 0);
    for (size_t i = 0; i < TIMES; i++) {
        assert_row(i, env_slurp(*state, path, MOST, &text, &n) == OK && n == 4 && strcmp(text, "A=1\n") == 0);
    }
    assert_int_equal(env_slurp(*state, path, 4, &text, &n), OK);
    assert_int_equal(env_slurp(*state, path, 3, &text, &n), ERR_TOO_LARGE);
    assert_int_equal(unlink(path), 0);
}

/* The kernel's own files have no size before they are read. */
static void a_file_without_a_size_is_read_whole(void **state)
{
    struct ctx *cx = *state;
    const char *text;
    size_t      n;
    assert_int_equal(env_slurp(cx, "/proc/self/status", 1 << 16, &text, &n), OK);
    assert_true(n > 100 && strlen(text) == n);
    ctx_forgive(cx);
    assert_int_equal(env_slurp(cx, "/proc/self/status", 100, &text, &n), ERR_TOO_LARGE);
}

UNIT_MAIN(UNIT_TEST(reads_what_systemd_reads), UNIT_TEST(refuses_what_is_no_assignment_and_names_the_line),
          UNIT_TEST(a_missing_file_is_not_found), UNIT_TEST(a_file_takes_the_room_that_it_needs),
          UNIT_TEST(a_file_without_a_size_is_read_whole))
