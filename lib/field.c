/* JSON bodies as tables. */
#include "field.h"

#include "check.h"
#include "phone.h"

#include <string.h>

static enum err phone(struct ctx *cx, const struct field *f, const char *text, const char **out)
{
    struct phone p;
    if (strlen(text) > 40 || !phone_parse(text, strlen(text), NULL, &p) || !check_e164(p.e164))
        return ctx_fail(cx, ERR_INVALID_NUMBER, "%s: expected +<country><number>", f->name);
    *out = arena_strdup(cx->arena, p.e164);
    return OK;
}

static enum err text(struct ctx *cx, const struct field *f, const char *v, const char **out)
{
    if (v == NULL) return ctx_fail(cx, ERR_INVALID, "%s: expected text", f->name);
    if (f->type == FIELD_PHONE) return phone(cx, f, v, out);
    if (f->type == FIELD_WORD && !check_word(v, f->words))
        return ctx_fail(cx, ERR_INVALID, "%s: expected one of%s", f->name, f->words);
    if (f->type == FIELD_UUID && !check_uuid(v)) return ctx_fail(cx, ERR_INVALID, "%s: expected a UUID", f->name);
    if (f->type == FIELD_TEXT && (strlen(v) < f->min || strlen(v) > f->max))
        return ctx_fail(cx, ERR_INVALID, "%s: expected %u to %u bytes", f->name, f->min, f->max);
    *out = v;
    return OK;
}

static enum err one(struct ctx *cx, const struct field *f, const struct json *v, char *at)
{
    const char **to = (const char **)(void *)at;
    if (v == NULL || json_type(v) == JSON_NULL)
        return f->required ? ctx_fail(cx, ERR_INVALID, "%s: is missing", f->name) : OK;
    if (f->type == FIELD_BOOL) {
        if (json_type(v) != JSON_BOOL) return ctx_fail(cx, ERR_INVALID, "%s: expected true or false", f->name);
        bool *flag = arena_alloc(cx->arena, sizeof *flag);
        *flag = json_bool(v, false);
        *(const bool **)(void *)at = flag;
        return OK;
    }
    if (f->type != FIELD_RAW) return text(cx, f, json_text(v), to);
    if (json_type(v) != JSON_ARRAY) return ctx_fail(cx, ERR_INVALID, "%s: expected a list", f->name);
    *to = json_print(cx, v);
    return OK;
}

static bool known(const struct field *f, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].name, name) == 0) return true;
    return false;
}

enum err field_read(struct ctx *cx, const struct json *doc, const struct field *f, size_t n, enum field_strange strange,
                    void *out)
{
    if (json_type(doc) != JSON_OBJECT) return ctx_fail(cx, ERR_MALFORMED, "expected a JSON object");
    for (const struct json *m = json_first(doc); strange == FIELD_STRANGE_REFUSED && m != NULL; m = json_next(m))
        if (!known(f, n, json_name(m))) return ctx_fail(cx, ERR_INVALID, "%.60s: no such member", json_name(m));
    for (size_t i = 0; i < n; i++) TRY(one(cx, &f[i], json_get(doc, f[i].name), (char *)out + f[i].off));
    return OK;
}
