/* lib/migrate: what is refused before a database is asked. The rest is shown by the command's own tests. */
#include "migrate.h"

#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/unit-migrate-XXXXXX";

static void put(struct ctx *cx, const char *name, const char *text)
{
    int fd = open(arena_printf(cx->arena, "%s/%s", dir, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(fd);
}

/* "host=/nonexistent" is nobody: what gets so far is UNAVAILABLE. */
static enum err status(struct ctx *cx)
{
    struct migrations all;
    ctx_forgive(cx);
    return migrate_status(cx, "host=/nonexistent", dir, &all);
}

static void a_directory_must_hold_migrations(void **state)
{
    struct ctx       *cx = *state;
    struct migrations all;
    assert_int_equal(migrate_up(cx, "host=/nonexistent", "/nonexistent", &all), ERR_INVALID);
    assert_non_null(mkdtemp(dir));
    assert_int_equal(status(cx), ERR_INVALID);
    put(cx, "README", "x");
    put(cx, "1_short.sql", "x");
    assert_int_equal(status(cx), ERR_INVALID);
    put(cx, "0001_one.sql", "select 1");
    assert_int_equal(status(cx), ERR_UNAVAILABLE);
    put(cx, "0001_uno.sql", "select 1");
    assert_int_equal(status(cx), ERR_CONFLICT);
    assert_non_null(strstr(cx->err.msg, "0001_uno"));
    static const char *const names[] = { "README", "1_short.sql", "0001_one.sql", "0001_uno.sql" };
    for (size_t i = 0; i < 4; i++) (void)unlink(arena_printf(cx->arena, "%s/%s", dir, names[i]));
    (void)rmdir(dir);
}

static void a_text_of_before_a_file_was_mended_counts(void **state)
{
    static const char sum[] = "f099e2e26f7f4c2d03f03336ed5d59946a172c40315f759c723e8159c0708e49";
    (void)state;
    assert_true(migrate_mended(89, sum));
    assert_false(migrate_mended(88, sum));
    assert_false(migrate_mended(89, "x"));
}

static void a_database_that_is_away_is_said_so(void **state)
{
    int64_t version;
    assert_int_equal(migrate_version(*state, "host=/nonexistent", &version), ERR_UNAVAILABLE);
}

UNIT_MAIN(UNIT_TEST(a_directory_must_hold_migrations), UNIT_TEST(a_text_of_before_a_file_was_mended_counts),
          UNIT_TEST(a_database_that_is_away_is_said_so))
