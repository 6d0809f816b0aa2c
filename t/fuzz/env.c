/* Settings files: any bytes are assignments or a refusal; names are names, values are text. */
#include "env.h"
#include "check.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct ctx *cx = fuzz_ctx();
    struct env  env = { 0 };

    if (env_parse(cx, "fuzz", arena_copy(cx->arena, (const char *)bytes, n), n, &env) != OK) {
        PROMISE(cx->err.code == ERR_INVALID || cx->err.code == ERR_TOO_LARGE);
        return 0;
    }
    for (size_t i = 0; i < env.n; i++) {
        const char *name = env.v[i].name, *value = env.v[i].value;
        PROMISE(name[0] != '\0'
                && strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name));
        PROMISE(check_utf8(value, strlen(value)) && env_get(&env, name) != NULL);
    }
    return 0;
}
