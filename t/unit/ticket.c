/* lib/ticket: what a signed link binds. */
#include "ticket.h"

#include "seal.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TENANT "01890000-0000-7000-8000-000000000001"

static const struct ticket viewer = { TENANT, "session", "01890000-0000-7000-8000-0000000000aa", "agent" };
static const char          path[] = "/api/v1/recordings/01890000-0000-7000-8000-0000000000bb/audio";

static const struct seal_keys *keys(struct ctx *cx)
{
    char              name[] = "/tmp/switchhook-ticket-XXXXXX";
    struct seal_keys *k = NULL;
    int               fd = mkstemp(name);
    (void)close(fd);
    (void)unlink(name);
    assert_int_equal(seal_keys_create(cx, name), OK);
    assert_int_equal(seal_keys_read(cx, name, &k), OK);
    (void)unlink(name);
    return k;
}

static int64_t now_s(void)
{
    return clock_unix_ms() / 1000;
}

static void says_whose_it_is(void **state)
{
    struct ctx   *cx = *state;
    struct ticket t;
    const char   *text;
    cx->keys = keys(cx);
    assert_int_equal(ticket_make(cx, path, &viewer, now_s() + 60, &text), OK);
    assert_int_equal(strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._"), strlen(text));
    assert_int_equal(ticket_read(cx, path, text, &t), OK);
    assert_string_equal(t.tenant, viewer.tenant);
    assert_string_equal(t.kind, viewer.kind);
    assert_string_equal(t.id, viewer.id);
    assert_string_equal(t.role, viewer.role);
}

static void every_byte_and_the_path_count(void **state)
{
    struct ctx   *cx = *state;
    struct ticket t;
    const char   *text;
    cx->keys = keys(cx);
    assert_int_equal(ticket_make(cx, path, &viewer, now_s() + 60, &text), OK);
    for (size_t i = 0; text[i] != '\0'; i++) {
        for (int bit = 0; bit < 7; bit++) {
            char *bad = arena_strdup(cx->arena, text);
            bad[i] = (char)(bad[i] ^ 1 << bit);
            assert_row(i, ticket_read(cx, path, bad, &t) == ERR_UNAUTHENTICATED);
            ctx_forgive(cx);
        }
        assert_row(i, ticket_read(cx, path, arena_copy(cx->arena, text, i), &t) == ERR_UNAUTHENTICATED);
        ctx_forgive(cx);
    }
    const char *elsewhere[] = { "", "/", "/api/v1/recordings/01890000-0000-7000-8000-0000000000bc/audio",
                                "/api/v1/recordings/01890000-0000-7000-8000-0000000000bb/audio/" };
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        assert_row(i, ticket_read(cx, elsewhere[i], text, &t) == ERR_UNAUTHENTICATED);
        ctx_forgive(cx);
    }
    assert_int_equal(ticket_read(cx, path, arena_printf(cx->arena, "%s0", text), &t), ERR_UNAUTHENTICATED);
}

static void ends_when_it_says_and_with_its_master_key(void **state)
{
    struct ctx   *cx = *state;
    struct ticket t;
    const char   *text;
    cx->keys = keys(cx);
    assert_int_equal(ticket_make(cx, path, &viewer, now_s(), &text), OK);
    assert_int_equal(ticket_read(cx, path, text, &t), ERR_UNAUTHENTICATED);
    ctx_forgive(cx);
    assert_int_equal(ticket_make(cx, path, &viewer, now_s() + 60, &text), OK);
    cx->keys = keys(cx);
    assert_int_equal(ticket_read(cx, path, text, &t), ERR_UNAUTHENTICATED);
    ctx_forgive(cx);
    cx->keys = NULL;
    assert_int_equal(ticket_read(cx, path, text, &t), ERR_UNAUTHENTICATED);
    ctx_forgive(cx);
    assert_int_equal(ticket_make(cx, path, &viewer, now_s() + 60, &text), ERR_NOT_CONFIGURED);
}

UNIT_MAIN(UNIT_TEST(says_whose_it_is), UNIT_TEST(every_byte_and_the_path_count),
          UNIT_TEST(ends_when_it_says_and_with_its_master_key))
