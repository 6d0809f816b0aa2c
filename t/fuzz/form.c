/* Bodies of webhooks: any bytes are a form or a refusal, and a form has the promised bounds. */
#include "form.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct ctx *cx = fuzz_ctx();
    char       *body = arena_copy(cx->arena, (const char *)bytes, n);
    struct form form = { 0 };
    const char *sid = NULL;

    if (form_parse(cx, body, n, &form) != OK) {
        PROMISE(cx->err.code == ERR_MALFORMED || cx->err.code == ERR_TOO_LARGE);
        PROMISE(form.v == NULL && form.n == 0);
        return 0;
    }
    size_t text = 0;
    PROMISE(form.n <= FORM_FIELDS_MAX);
    for (size_t i = 0; i < form.n; i++) text += strlen(form.v[i].key) + strlen(form.v[i].val);
    PROMISE(text <= n);
    for (size_t i = 0; i < form.n; i++) PROMISE(form_get(&form, form.v[i].key) != NULL);
    if (form_sid(cx, &form, "CallSid", "CA", &sid) == OK) PROMISE(strlen(sid) == 34 && strncmp(sid, "CA", 2) == 0);
    return 0;
}
