/* What unit tests of lib/ and fcgi/ share: cmocka with what it wants before it, and a unit of work to fail in. */
#ifndef UNIT_H
#define UNIT_H
#include "clock.h"
#include "ctx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { UNIT_CAP = 16 << 20, UNIT_MS = 10000 };

static inline int unit_up(void **state)
{
    struct arena *a = arena_new(UNIT_CAP);
    struct ctx   *cx = arena_alloc(a, sizeof *cx);
    *cx = (struct ctx){ .arena = a, .deadline_ms = clock_ms() + UNIT_MS };
    *state = cx;
    return 0;
}

static inline int unit_down(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->arena);
    return 0;
}

#define UNIT_TEST(name) cmocka_unit_test_setup_teardown(name, unit_up, unit_down)

/* A row of a table went wrong: say which. */
#define assert_row(i, what)                                       \
    do {                                                          \
        if (!(what)) fail_msg("row %zu: %s", (size_t)(i), #what); \
    } while (0)

#define UNIT_MAIN(...)                                     \
    int main(void)                                         \
    {                                                      \
        const struct CMUnitTest tests[] = { __VA_ARGS__ }; \
        cmocka_set_message_output(CM_OUTPUT_TAP);          \
        return cmocka_run_group_tests(tests, NULL, NULL);  \
    }

#endif
