/* Signatures: a forged one never passes, whatever the URL, the header and the body hold. Input: url \n header \n body.
 */
#include "sign.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const tokens[] = { "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210" };
    struct ctx              *cx = fuzz_ctx();
    char                    *url = arena_copy(cx->arena, (const char *)bytes, n);
    char                    *header = memchr(url, '\n', n), *body;
    struct form              form = { 0 };

    if (header == NULL) return 0;
    *header++ = '\0';
    body = memchr(header, '\n', n - (size_t)(header - url));
    if (body == NULL) return 0;
    *body++ = '\0';
    size_t len = n - (size_t)(body - url);
    if (form_parse(cx, body, len, &form) != OK) form = (struct form){ 0 };
    static const char *const types[] = { "application/x-www-form-urlencoded", "application/json", "" };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct sign_request rq = { url, types[i], &form, body, len, header };
        PROMISE(!sign_valid(cx->arena, &rq, tokens, 2));
        PROMISE(!sign_valid(cx->arena, &rq, tokens, 0));
    }
    return 0;
}
