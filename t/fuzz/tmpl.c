/* Templates of anything over data of anything: a line of JSON, then the template. What is escaped holds no markup. */
#include "tmpl.h"
#include "fuzz.h"
#include "limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct ctx        *cx = fuzz_ctx();
    char              *s = arena_copy(cx->arena, (const char *)bytes, n), *end = strchr(s, '\n');
    const struct json *doc = NULL;
    const char        *text = NULL, *html = NULL;
    if (end == NULL || json_parse(cx, s, (size_t)(end - s), API_BODY_MAX, &doc) != OK) return 0;
    enum err e = tmpl_render(cx, TMPL_TEXT, end + 1, doc, &text);
    PROMISE((e == OK) == (text != NULL));
    ctx_forgive(cx);
    enum err f = tmpl_render(cx, TMPL_HTML, end + 1, doc, &html);
    PROMISE((f == OK) == (html != NULL));
    PROMISE(e != OK || f == OK || f == ERR_TOO_LARGE);
    PROMISE(f != OK || strstr(end + 1, "{{&") != NULL || strchr(end + 1, '<') != NULL || strchr(html, '<') == NULL);
    return 0;
}
