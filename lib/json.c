/* JSON read strictly: json_scan() refuses what cJSON would let through, then cJSON builds the tree. */
#include "json.h"

#include "check.h"
#include "json_scan.h"

#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE_MAX 9007199254740991.0 /* integers beyond it are not whole in a double */

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* The name that an object of the tree has twice, or NULL. Sorting keeps a hostile object of many members cheap. */
static const char *twice(struct arena *a, const cJSON *v)
{
    const char *found = NULL;
    if (cJSON_IsObject(v) && v->child != NULL) {
        size_t       n = (size_t)cJSON_GetArraySize(v), i = 0;
        const char **names = arena_alloc(a, n * sizeof *names);
        for (const cJSON *m = v->child; m != NULL; m = m->next) names[i++] = m->string;
        qsort(names, n, sizeof *names, by_text);
        for (i = 1; i < n && found == NULL; i++)
            if (strcmp(names[i - 1], names[i]) == 0) found = names[i];
    }
    for (const cJSON *m = v->child; m != NULL && found == NULL; m = m->next) found = twice(a, m);
    return found;
}

static void free_tree(void *at)
{
    cJSON_Delete(at);
}

enum err json_parse(struct ctx *cx, const char *s, size_t n, size_t max, const struct json **out)
{
    size_t at;
    if (n > max) return ctx_fail(cx, ERR_TOO_LARGE, "JSON: over %zu bytes", max);
    if (memchr(s, '\0', n) != NULL || !check_utf8(s, n)) return ctx_fail(cx, ERR_MALFORMED, "JSON: not UTF-8 text");
    const char *why = json_scan(s, n, &at);
    if (why != NULL) return ctx_fail(cx, ERR_MALFORMED, "JSON: %s at byte %zu", why, at);

    cJSON *parsed = cJSON_ParseWithLengthOpts(s, n + 1, NULL, 1);
    if (parsed == NULL) return ctx_fail(cx, ERR_MALFORMED, "JSON: unreadable");
    arena_defer(cx->arena, free_tree, parsed);
    const char *name = twice(cx->arena, parsed);
    if (name != NULL) return ctx_fail(cx, ERR_MALFORMED, "JSON: \"%.60s\" comes twice in one object", name);
    *out = (const struct json *)parsed;
    return OK;
}

/* ---- reading: every getter accepts NULL, and answers for the wrong type as for no value ---- */

static const cJSON *tree(const struct json *v)
{
    return (const cJSON *)v;
}

enum json_type json_type(const struct json *v)
{
    const cJSON *c = tree(v);
    if (cJSON_IsObject(c)) return JSON_OBJECT;
    if (cJSON_IsArray(c)) return JSON_ARRAY;
    if (cJSON_IsString(c)) return JSON_STRING;
    if (cJSON_IsNumber(c)) return JSON_NUMBER;
    return cJSON_IsBool(c) ? JSON_BOOL : JSON_NULL;
}

const struct json *json_get(const struct json *v, const char *name)
{
    return cJSON_IsObject(tree(v)) ? (const struct json *)cJSON_GetObjectItemCaseSensitive(tree(v), name) : NULL;
}

const struct json *json_first(const struct json *v)
{
    return v == NULL ? NULL : (const struct json *)tree(v)->child;
}

const struct json *json_next(const struct json *v)
{
    return v == NULL ? NULL : (const struct json *)tree(v)->next;
}

const char *json_name(const struct json *v)
{
    return v == NULL ? NULL : tree(v)->string;
}

size_t json_count(const struct json *v)
{
    size_t n = 0;
    for (const struct json *m = json_first(v); m != NULL; m = json_next(m)) n++;
    return n;
}

const char *json_text(const struct json *v)
{
    return cJSON_GetStringValue(tree(v));
}

bool json_int(const struct json *v, int64_t min, int64_t max, int64_t *out)
{
    double d;
    if (!json_number(v, &d) || fabs(d) > WHOLE_MAX || d != floor(d)) return false;
    int64_t i = (int64_t)d;
    if (i < min || i > max) return false;
    *out = i;
    return true;
}

bool json_number(const struct json *v, double *out)
{
    if (!cJSON_IsNumber(tree(v)) || !isfinite(tree(v)->valuedouble)) return false;
    *out = tree(v)->valuedouble;
    return true;
}

bool json_bool(const struct json *v, bool fallback)
{
    return cJSON_IsBool(tree(v)) ? cJSON_IsTrue(tree(v)) : fallback;
}

const char *json_print(struct ctx *cx, const struct json *v)
{
    char       *text = cJSON_PrintUnformatted(tree(v));
    const char *copy = arena_strdup(cx->arena, text == NULL ? "null" : text);
    cJSON_free(text);
    return copy;
}
