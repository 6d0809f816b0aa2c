/* lib/sign.c against the verdicts of Twilio's own SDK: fixtures/signatures.json. */
#include "sign.h"
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { VECTORS_MAX = 1 << 20, ARENA = 16 << 20 };

static struct ctx         cx;
static const struct json *vectors;

static int read_vectors(void **state)
{
    static char        text[VECTORS_MAX];
    const struct json *all;
    FILE              *f = fopen(FIXTURES "/signatures.json", "rb");
    (void)state;
    if (f == NULL) return -1;
    size_t n = fread(text, 1, sizeof text - 1, f);
    (void)fclose(f);
    cx.arena = arena_new(ARENA);
    if (json_parse(&cx, text, n, sizeof text, &all) != OK) {
        print_error("%s\n", cx.err.msg);
        return -1;
    }
    vectors = json_get(all, "vectors");
    return json_count(vectors) == 99 ? 0 : -1;
}

static int forget_vectors(void **state)
{
    (void)state;
    arena_free(cx.arena);
    return 0;
}

static const char *text_of(const struct json *v, const char *name)
{
    const char *s = json_text(json_get(v, name));
    return s == NULL ? "" : s;
}

/* What a worker does with a request: fields of a form, the raw body of everything else. */
static bool accepted(const struct json *v, const char *const *tokens, size_t n)
{
    const char *body = text_of(v, "raw_body"), *type = text_of(v, "content_type");
    struct form form = { 0 };
    cx.err = (struct error){ .code = OK };
    if (strncmp(type, "application/x-www-form-urlencoded", 33) == 0 && form_parse(&cx, body, strlen(body), &form) != OK)
        return false;
    return sign_valid(cx.arena,
                      &(struct sign_request){ .url = text_of(v, "url"),
                                              .content_type = type,
                                              .form = &form,
                                              .body = body,
                                              .len = strlen(body),
                                              .signature = text_of(v, "signature") },
                      tokens, n);
}

static void judges_every_vector_as_twilio_does(void **state)
{
    (void)state;
    for (const struct json *v = json_first(vectors); v != NULL; v = json_next(v)) {
        const char *token = text_of(v, "auth_token");
        bool        valid = json_bool(json_get(v, "valid"), false);
        if (json_bool(json_get(v, "optional"), false)) continue;
        if (accepted(v, &token, 1) != valid) fail_msg("%s: %s", text_of(v, "id"), valid ? "refused" : "accepted");
    }
}

static void tries_every_token(void **state)
{
    (void)state;
    for (const struct json *v = json_first(vectors); v != NULL; v = json_next(v)) {
        const char *two[] = { "another token, of a region or rotated away", text_of(v, "auth_token") };
        if (json_bool(json_get(v, "optional"), false)) continue;
        assert_int_equal(accepted(v, two, 2), json_bool(json_get(v, "valid"), false));
        assert_false(accepted(v, two, 1));
    }
}

static void refuses_without_a_token(void **state)
{
    (void)state;
    for (const struct json *v = json_first(vectors); v != NULL; v = json_next(v)) {
        const char *empty = "";
        assert_false(accepted(v, NULL, 0));
        assert_false(accepted(v, &empty, 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_vector_as_twilio_does),
        cmocka_unit_test(tries_every_token),
        cmocka_unit_test(refuses_without_a_token),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, read_vectors, forget_vectors);
}
