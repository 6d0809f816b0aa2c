/* JSON from outside: what is accepted can be printed, and printing it again changes nothing. */
#include "json.h"
#include "fuzz.h"
#include "limit.h"

static size_t walk(const struct json *v, size_t depth)
{
    size_t n = 1;
    PROMISE(depth <= JSON_DEPTH_MAX + 1);
    for (const struct json *c = json_first(v); c != NULL; c = json_next(c)) n += walk(c, depth + 1);
    if (json_type(v) == JSON_STRING) PROMISE(json_text(v) != NULL);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct ctx        *cx = fuzz_ctx();
    char              *s = arena_copy(cx->arena, (const char *)bytes, n);
    const struct json *v = NULL, *again = NULL;

    if (json_parse(cx, s, n, API_BODY_MAX, &v) != OK) {
        PROMISE(v == NULL);
        return 0;
    }
    size_t      values = walk(v, 1);
    const char *text = json_print(cx, v);
    PROMISE(json_parse(cx, text, strlen(text), (size_t)JSON_REPLY_MAX, &again) == OK);
    PROMISE(walk(again, 1) == values);
    PROMISE(strcmp(json_print(cx, again), text) == 0);
    PROMISE(json_get(v, "no such name \x01") == NULL);
    return 0;
}
