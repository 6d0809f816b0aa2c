/* lib/config: settings from file and environment. */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A settings file with that text; removed by the caller. */
static const char *file(struct ctx *cx, const char *text)
{
    char *path = arena_strdup(cx->arena, "/tmp/unit-config-XXXXXX");
    int   fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(fd);
    return path;
}

static enum err load(struct ctx *cx, const char *text, enum config_source s, struct config *out)
{
    const char *path = file(cx, text);
    ctx_forgive(cx);
    enum err e = config_load(cx, path, s, out);
    (void)unlink(path);
    return e;
}

static void fills_defaults_and_drops_slashes(void **state)
{
    struct config c;
    assert_int_equal(load(*state, "PUBLIC_URL=https://crm.example/\nRECORDINGS_DIR=/r/\n", CONFIG_ENV_SECRETS, &c), OK);
    assert_string_equal(c.public_url, "https://crm.example");
    assert_string_equal(c.recordings_dir, "/r");
    assert_string_equal(c.analyse_model, "gpt-4o-mini");
    assert_string_equal(c.twilio_api_base_url, "https://api.twilio.com");
    assert_false(c.log_pii);
    assert_null(c.twilio_auth_token);
}

static void the_guides_names_of_the_public_url_count(void **state)
{
    struct config c;
    assert_int_equal(load(*state, "NEXT_PUBLIC_APP_URL=https://a.example\n", CONFIG_ENV_SECRETS, &c), OK);
    assert_string_equal(c.public_url, "https://a.example");
    assert_int_equal(load(*state, "TWILIO_WEBHOOK_URL=https://b.example:8443/api/twilio/webhook\n", CONFIG_ENV_SECRETS,
                          &c),
                     OK);
    assert_string_equal(c.public_url, "https://b.example:8443");
    assert_int_equal(load(*state, "PUBLIC_URL=https://A.example\nNEXT_PUBLIC_APP_URL=https://a.example/\n",
                          CONFIG_ENV_SECRETS, &c),
                     OK);
}

static void refuses_bad_values_by_name(void **state)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        { "PUBLIC_URL=https://a.example\nNEXT_PUBLIC_APP_URL=https://b.example\n", "NEXT_PUBLIC_APP_URL" },
        { "PUBLIC_URL=https://a.example\nTWILIO_WEBHOOK_URL=https://b.example/api/twilio/webhook\n",
          "TWILIO_WEBHOOK_URL" },
        { "TWILIO_WEBHOOK_URL=https://b.example/elsewhere\n", "TWILIO_WEBHOOK_URL" },
        { "PUBLIC_URL=https://a.example/app\n", "PUBLIC_URL" },
        { "PUBLIC_URL=http://a.example\n", "PUBLIC_URL" },
        { "PUBLIC_URL=https://user@a.example\n", "PUBLIC_URL" },
        { "OPENAI_BASE_URL=ftp://a\n", "OPENAI_BASE_URL" },
        { "LOG_PII=maybe\n", "LOG_PII" },
        { "SWEEP_LEASE_SECONDS=0\n", "SWEEP_LEASE_SECONDS" },
        { "SWEEP_LEASE_SECONDS=3601\n", "SWEEP_LEASE_SECONDS" },
        { "SWEEP_LEASE_SECONDS=2m\n", "SWEEP_LEASE_SECONDS" },
        { "RETENTION_DAYS_DEFAULT=0\n", "RETENTION_DAYS_DEFAULT" },
        { "RETENTION_DAYS_DEFAULT=36501\n", "RETENTION_DAYS_DEFAULT" },
        { "RECORDINGS_DIR=here\n", "RECORDINGS_DIR" },
        { "TWILIO_AUTH_TOKEN=a\nTWILIO_AUTH_TOKEN_FILE=/b\n", "TWILIO_AUTH_TOKEN" },
        { "TWILIO_AUTH_TOKEN_FILE=/nonexistent\n", "TWILIO_AUTH_TOKEN_FILE" },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        assert_row(i, load(cx, rows[i].text, CONFIG_ENV_SECRETS, &c) == ERR_INVALID);
        assert_row(i, strstr(cx->err.msg, rows[i].name) != NULL);
    }
}

/* api.<region> has been switched off; a region alone would be served by the United States. */
static void maps_a_region_to_a_host_that_answers(void **state)
{
    static const struct {
        const char *text, *base;
    } rows[] = {
        { "TWILIO_REGION=ie1\n", "https://api.dublin.ie1.twilio.com" },
        { "TWILIO_REGION=ie1\nTWILIO_API_BASE_URL=https://api.ie1.twilio.com\n", "https://api.dublin.ie1.twilio.com" },
        { "TWILIO_API_BASE_URL=https://api.ie1.twilio.com/\n", "https://api.dublin.ie1.twilio.com" },
        { "TWILIO_REGION=au1\nTWILIO_EDGE=singapore\n", "https://api.singapore.au1.twilio.com" },
        { "TWILIO_EDGE=dublin\n", "https://api.dublin.us1.twilio.com" },
        { "TWILIO_REGION=us1\n", "https://api.twilio.com" },
        { "TWILIO_REGION=ie1\nTWILIO_API_BASE_URL=http://127.0.0.1:4010\n", "http://127.0.0.1:4010" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config c;
        assert_row(i, load(*state, rows[i].text, CONFIG_ENV_SECRETS, &c) == OK);
        assert_row(i, strcmp(c.twilio_api_base_url, rows[i].base) == 0);
    }
}

static void a_secret_may_stand_in_a_file_of_its_own(void **state)
{
    struct ctx   *cx = *state;
    struct config c;
    const char   *secret = file(cx, "sk-123\n");
    enum err e = load(cx, arena_printf(cx->arena, "OPENAI_API_KEY_FILE=%s\n", secret), CONFIG_FILE_ONLY_SECRETS, &c);
    (void)unlink(secret);
    assert_int_equal(e, OK);
    assert_string_equal(c.openai_api_key, "sk-123");
}

/* The program is run with LOG_LEVEL and OPENAI_API_KEY set: see main(). */
static void the_environment_wins_but_daemons_take_no_secret_from_it(void **state)
{
    struct config c;
    assert_int_equal(load(*state, "LOG_LEVEL=info\nOPENAI_API_KEY=file\n", CONFIG_ENV_SECRETS, &c), OK);
    assert_string_equal(c.log_level, "warn");
    assert_string_equal(c.openai_api_key, "environment");
    assert_int_equal(load(*state, "LOG_LEVEL=info\nOPENAI_API_KEY=file\n", CONFIG_FILE_ONLY_SECRETS, &c), OK);
    assert_string_equal(c.log_level, "warn");
    assert_string_equal(c.openai_api_key, "file");
}

static void shows_no_secret(void **state)
{
    struct config c;
    char          text[16384] = "";
    assert_int_equal(load(*state, "TWILIO_AUTH_TOKEN=0123456789abcdef\n", CONFIG_ENV_SECRETS, &c), OK);
    FILE *f = fmemopen(text, sizeof text - 1, "w");
    config_show(&c, f);
    (void)fclose(f);
    assert_non_null(strstr(text, "TWILIO_AUTH_TOKEN=0123... (16 characters)"));
    assert_null(strstr(text, "01234"));
}

/* Runs itself again with the two settings in its environment. */
static void run_with_environment(char **argv)
{
    static char level[] = "LOG_LEVEL=warn", key[] = "OPENAI_API_KEY=environment", again[] = "again";
    char       *args[] = { argv[0], again, NULL }, *env[256] = { level, key };
    for (size_t n = 0; environ[n] != NULL && n < 250; n++) env[n + 2] = environ[n];
    (void)execve("/proc/self/exe", args, env);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(fills_defaults_and_drops_slashes),
        UNIT_TEST(the_guides_names_of_the_public_url_count),
        UNIT_TEST(refuses_bad_values_by_name),
        UNIT_TEST(maps_a_region_to_a_host_that_answers),
        UNIT_TEST(a_secret_may_stand_in_a_file_of_its_own),
        UNIT_TEST(the_environment_wins_but_daemons_take_no_secret_from_it),
        UNIT_TEST(shows_no_secret),
    };
    if (argc == 1) run_with_environment(argv);
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
