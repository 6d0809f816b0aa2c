/* sweep_rig.h: one unit of work a test, for the modules of the sweep. */
#ifndef SWEEP_RIG_H
#define SWEEP_RIG_H
#include "ctx.h"
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline int cx_up(void **state)
{
    static struct ctx cx;
    cx = (struct ctx){ .arena = arena_new((size_t)64 << 20) };
    *state = &cx;
    return cx.arena == NULL;
}

static inline int cx_down(void **state)
{
    struct ctx *cx = *state;
    arena_free(cx->arena);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, cx_up, cx_down)

static inline const struct json *json_of(struct ctx *cx, const char *text)
{
    const struct json *v = NULL;
    assert_int_equal(json_parse(cx, text, strlen(text), (size_t)1 << 20, &v), OK);
    return v;
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

#endif
