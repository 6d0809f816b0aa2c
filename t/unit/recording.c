/* lib/recording: where redirects may lead, how long is waited, what stays on the disk. */
#include "recording.h"

#include "clock.h"
#include "sweep_rig.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TENANT "01890000-0000-7000-8000-000000000001"
#define SID    "REaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const char api[] = "https://api.twilio.com", lab[] = "http://127.0.0.1:4010";

static void goes_where_twilio_keeps_media(void **state)
{
    static const struct {
        const char *base, *url, *location, *want;
    } rows[] = {
        { api, "https://api.twilio.com/a.wav", "https://com-twilio-us1-recording.s3.amazonaws.com/x?y=1",
          "https://com-twilio-us1-recording.s3.amazonaws.com/x?y=1" },
        { api, "https://api.twilio.com/a.wav", "https://media.twiliocdn.com/x", "https://media.twiliocdn.com/x" },
        { api, "https://api.twilio.com/a.wav", "https://api.dublin.ie1.twilio.com/x",
          "https://api.dublin.ie1.twilio.com/x" },
        { api, "https://api.twilio.com/a/b.wav?x=1", "/c.wav", "https://api.twilio.com/c.wav" },
        { lab, "http://127.0.0.1:4010/a", "http://127.0.0.1:4011/b", "http://127.0.0.1:4011/b" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *to;
        assert_int_equal(recording_hop(*state, rows[i].base, rows[i].url, rows[i].location, &to), OK);
        assert_string_equal(to, rows[i].want);
    }
}

static void goes_nowhere_else(void **state)
{
    static const char *const rows[] = {
        "",
        "b.wav",
        "//evil.example/x",
        "https://evil.example/x",
        "https://twilio.com.evil.example/x",
        "https://eviltwilio.com/x",
        "http://media.twiliocdn.com/x",
        "http://169.254.169.254/latest",
        "http://127.0.0.1/x",
        "file:///etc/passwd",
        "https://user@api.twilio.com/x",
        "https://evil.example/?.twilio.com",
        "https://evil.example#.twilio.com",
        "gopher://a.twilio.com/",
        "https://evil.example\\.twilio.com/x",
        "https://a.twilio.com/\r\nX: y",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx *cx = *state;
        const char *to = NULL;
        if (recording_hop(cx, api, "https://api.twilio.com/a.wav", rows[i], &to) != ERR_UPSTREAM_REFUSED || to != NULL)
            fail_msg("went to %s", rows[i]);
        ctx_forgive(cx);
    }
}

static void is_patient_but_not_for_ever(void **state)
{
    static const int64_t want[] = { 2, 2, 5, 15, 60, 300, 900, 3600, 3600, 3600 };
    (void)state;
    for (size_t i = 0; i < COUNT(want); i++) assert_int_equal(recording_patience_s((int64_t)i), want[i]);
}

/* A folder as a sweep finds it. */
static const char *folder(struct ctx *cx)
{
    char *dir = arena_strdup(cx->arena, "/tmp/switchhook-recording-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(mkdir(arena_printf(cx->arena, "%s/" TENANT, dir), 0700), 0);
    return dir;
}

static const char *file(struct ctx *cx, const char *dir, const char *name, int64_t age_s)
{
    const char           *path = arena_printf(cx->arena, "%s/" TENANT "/%s", dir, name);
    const struct timespec when[2] = { { .tv_nsec = UTIME_NOW }, { .tv_sec = clock_unix_ms() / 1000 - age_s } };
    int                   fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0 && futimens(fd, when) == 0 && close(fd) == 0);
    return path;
}

static void removes_only_what_dead_sweeps_left(void **state)
{
    struct ctx *cx = *state;
    const char *dir = folder(cx);
    const char *kept[] = { file(cx, dir, SID ".wav", 1000000), file(cx, dir, SID ".wav.enc", 1000000),
                           file(cx, dir, "." SID ".7.tmp", 60) };
    const char *gone[] = { file(cx, dir, "." SID ".6.tmp", 4000), file(cx, dir, "." SID ".1-0.part", 4000),
                           file(cx, dir, "REshort.wav", 4000), file(cx, dir, "." SID ".6.tmp.enc", 4000) };
    assert_int_equal(recording_sweep(cx, dir, 3600), COUNT(gone));
    for (size_t i = 0; i < COUNT(gone); i++) assert_int_not_equal(access(gone[i], F_OK), 0);
    for (size_t i = 0; i < COUNT(kept); i++) assert_int_equal(unlink(kept[i]), 0);
    assert_int_equal(rmdir(arena_printf(cx->arena, "%s/" TENANT, dir)), 0);
    assert_int_equal(recording_sweep(cx, dir, 3600), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(recording_sweep(cx, dir, 3600), 0);
}

static void keeps_a_file_under_its_name(void **state)
{
    struct ctx                 *cx = *state;
    const char                 *dir = folder(cx);
    const struct recording_file f = { .temp = TENANT "/." SID ".7.tmp", .path = TENANT "/" SID ".wav" };
    assert_int_equal(recording_keep(cx, dir, &f), ERR_INTERNAL); /* there is none */
    ctx_forgive(cx);
    (void)file(cx, dir, "." SID ".7.tmp", 0);
    assert_int_equal(recording_keep(cx, dir, &f), OK);
    assert_int_equal(access(arena_printf(cx->arena, "%s/%s", dir, f.path), F_OK), 0);
    recording_drop(cx, dir, f.path);
    recording_drop(cx, dir, f.path);
    assert_int_equal(rmdir(arena_printf(cx->arena, "%s/" TENANT, dir)), 0);
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(goes_where_twilio_keeps_media),      TEST(goes_nowhere_else),           TEST(is_patient_but_not_for_ever),
        TEST(removes_only_what_dead_sweeps_left), TEST(keeps_a_file_under_its_name),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
