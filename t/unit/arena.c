/* lib/arena: memory of one unit of work. */
#include "arena.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { CAP = 1 << 20 };

static int up(void **state)
{
    *state = arena_new(CAP);
    return *state == NULL;
}

static int down(void **state)
{
    arena_free(*state);
    return 0;
}

static void hands_out_zeroed_aligned_memory(void **state)
{
    for (size_t n = 0; n < 300; n += 7) {
        unsigned char *p = arena_alloc(*state, n + 1);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i <= n; i++) assert_int_equal(p[i], 0);
        memset(p, 0xFF, n + 1);
    }
}

static void zeroes_again_after_a_reset(void **state)
{
    memset(arena_alloc(*state, 1000), 0xAA, 1000);
    arena_reset(*state);
    const unsigned char *p = arena_alloc(*state, 1000);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(p[i], 0);
}

static void keeps_pieces_larger_than_a_block(void **state)
{
    char *big = arena_alloc(*state, 200000), *small = arena_strdup(*state, "after");
    memset(big, 'x', 200000);
    assert_string_equal(small, "after");
}

static void copies_text_with_its_end(void **state)
{
    assert_string_equal(arena_copy(*state, "abcdef", 3), "abc");
    assert_string_equal(arena_copy(*state, NULL, 0), "");
    assert_string_equal(arena_printf(*state, "%s-%d", "x", 42), "x-42");
}

static char   order[8];
static size_t at;

static void note(void *p)
{
    order[at++] = *(const char *)p;
}

static void runs_clean_ups_newest_first_and_once(void **state)
{
    static char a = 'a', b = 'b';
    at = 0;
    memset(order, 0, sizeof order);
    arena_defer(*state, note, &a);
    arena_defer(*state, note, &b);
    arena_reset(*state);
    arena_reset(*state);
    assert_string_equal(order, "ba");
}

/* Past its cap the process ends: input limits stand below it. */
static void dies_over_its_cap(void **state)
{
    int   status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(STDERR_FILENO);
        (void)arena_alloc(*state, CAP / 2);
        (void)arena_alloc(*state, CAP / 2 + 64);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, up, down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hands_out_zeroed_aligned_memory),
        TEST(zeroes_again_after_a_reset),
        TEST(keeps_pieces_larger_than_a_block),
        TEST(copies_text_with_its_end),
        TEST(dies_over_its_cap),
        TEST(runs_clean_ups_newest_first_and_once),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
