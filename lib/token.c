/* API keys and sessions. */
#include "token.h"

#include "digest.h"
#include "id.h"

#include <string.h>

enum { KIND = 9, ID = 12, SECRET = 43, PREFIX = KIND + ID, WHOLE = PREFIX + 1 + SECRET };

static const char *const kinds[] = { "shk_live_", "shk_test_" };
static const char        lower[] = "0123456789abcdefghijklmnopqrstuvwxyz";
static const char        any[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

void token_make(struct arena *a, bool test, struct token *out)
{
    out->prefix = arena_printf(a, "%s%s", kinds[test], id_random_lower(a, ID));
    out->text = arena_printf(a, "%s_%s", out->prefix, id_random(a, SECRET));
    digest_sha256(out->text, WHOLE, out->hash);
}

bool token_for_tests(const char *key)
{
    return strncmp(key, kinds[1], KIND) == 0;
}

enum err token_read(struct ctx *cx, const char *text, struct token *out)
{
    const bool kind = strncmp(text, kinds[0], KIND) == 0 || strncmp(text, kinds[1], KIND) == 0;
    if (!kind || strlen(text) != WHOLE || strspn(text + KIND, lower) != ID || text[PREFIX] != '_'
        || strspn(text + PREFIX + 1, any) != SECRET)
        return ctx_fail(cx, ERR_UNAUTHENTICATED, "not an API key");
    out->text = arena_strdup(cx->arena, text);
    out->prefix = arena_copy(cx->arena, text, PREFIX);
    digest_sha256(text, WHOLE, out->hash);
    return OK;
}

const char *token_session(struct arena *a, unsigned char hash[TOKEN_HASH])
{
    const char *text = id_random(a, SECRET);
    digest_sha256(text, SECRET, hash);
    return text;
}

bool token_session_hash(const char *text, unsigned char hash[TOKEN_HASH])
{
    if (strlen(text) != SECRET || strspn(text, any) != SECRET) return false;
    digest_sha256(text, SECRET, hash);
    return true;
}
