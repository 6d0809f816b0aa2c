/* lib/log: lines that a machine can read and that name nobody. */
#include "log.h"

#include "json.h"
#include "unit.h"

#include <string.h>
#include <unistd.h>

static char captured[32768];

/* Runs one LOG with standard error in a pipe. */
static const char *line(enum log_level level, const char *msg, const struct log_field *f, size_t n)
{
    int ends[2], saved = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    (void)dup2(ends[1], STDERR_FILENO);
    log_line(level, msg, f, n);
    (void)dup2(saved, STDERR_FILENO);
    (void)close(saved);
    (void)close(ends[1]);
    ssize_t got = read(ends[0], captured, sizeof captured - 1);
    captured[got > 0 ? got : 0] = '\0';
    (void)close(ends[0]);
    return captured;
}

static const struct json *read_line(struct ctx *cx, const char *s)
{
    const struct json *v = NULL;
    size_t             n = strlen(s);
    assert_true(n > 0 && s[n - 1] == '\n');
    assert_int_equal(json_parse(cx, s, n, sizeof captured, &v), OK);
    return v;
}

static void every_line_is_one_json_object(void **state)
{
    struct ctx            *cx = *state;
    const struct log_field f[] = { LOG_TEXT("why", "a \"b\"\n\\ \xFF caf\xC3\xA9"), LOG_NUM("ms", -5),
                                   LOG_TEXT("none", NULL) };
    const struct json     *v = read_line(cx, line(LOG_INFO, "hello", f, 3));
    int64_t                ms = 0;
    assert_string_equal(json_text(json_get(v, "msg")), "hello");
    assert_string_equal(json_text(json_get(v, "level")), "info");
    assert_string_equal(json_text(json_get(v, "why")), "a \"b\"\n\\ \xEF\xBF\xBD caf\xC3\xA9");
    assert_true(json_int(json_get(v, "ms"), -10, 0, &ms) && ms == -5);
    assert_null(json_get(v, "none"));
    assert_int_equal(strlen(json_text(json_get(v, "ts"))), 24);
}

static void phone_numbers_are_masked(void **state)
{
    static const struct {
        const char *text, *masked;
    } rows[] = {
        { "from +442079460123 to +14155550123", "from +4420...0123 to +1415...0123" },
        { "To=%2B442079460123&x=1", "To=%2B4420...0123&x=1" },
        { "+1234567", "+12...67" },
        { "+123456", "+123456" },
        { "2+2=4", "2+2=4" },
        { "+", "+" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct log_field f = LOG_TEXT("x", rows[i].text);
        const struct json     *v = read_line(*state, line(LOG_INFO, "m", &f, 1));
        assert_row(i, strcmp(json_text(json_get(v, "x")), rows[i].masked) == 0);
    }
}

static void a_line_too_long_loses_its_last_fields_and_stays_whole(void **state)
{
    struct ctx *cx = *state;
    char       *big = arena_alloc(cx->arena, 9001);
    memset(big, 'x', 9000);
    const struct log_field f[] = { LOG_TEXT("small", "s"), LOG_TEXT("big", big), LOG_TEXT("after", "a") };
    const struct json     *v = read_line(cx, line(LOG_ERROR, "m", f, 3));
    assert_string_equal(json_text(json_get(v, "small")), "s");
    assert_null(json_get(v, "big"));
}

static void quiet_levels_are_not_written(void **state)
{
    (void)state;
    assert_string_equal(line(LOG_DEBUG, "m", NULL, 0), "");
    log_setup("error", true);
    assert_string_equal(line(LOG_WARN, "m", NULL, 0), "");
    const struct log_field f = LOG_TEXT("x", "+442079460123");
    assert_non_null(strstr(line(LOG_ERROR, "m", &f, 1), "+442079460123"));
    log_setup("info", false);
}

UNIT_MAIN(UNIT_TEST(every_line_is_one_json_object), UNIT_TEST(phone_numbers_are_masked),
          UNIT_TEST(a_line_too_long_loses_its_last_fields_and_stays_whole), UNIT_TEST(quiet_levels_are_not_written))
