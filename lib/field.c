/* JSON bodies and queries as tables. */
#include "field.h"

#include "buf.h"
#include "check.h"
#include "phone.h"

#include <string.h>

/* Of one request that are listed, and bytes of a name: what follows adds nothing. */
enum { FAULTS_MAX = 20, POINTER_MAX = 80 };

enum err field_fault(struct ctx *cx, enum err e, const char *pointer, const char *code, const char *detail)
{
    struct error_at *at = arena_alloc(cx->arena, sizeof *at);
    struct error_at *last = NULL;
    size_t           n = 0;
    if (cx->err.code == OK) (void)ctx_fail(cx, e, "%.60s: %s", pointer + strspn(pointer, "/?"), detail);
    for (struct error_at *i = cx->err.at; i != NULL; i = i->next, n++) last = i;
    *at = (struct error_at){ .pointer = pointer, .code = code, .detail = detail };
    if (last == NULL) cx->err.at = at;
    else if (n < FAULTS_MAX) last->next = at;
    return cx->err.code;
}

/* The place of a member as RFC 6901 writes it: ~ and / are escaped. */
static const char *pointer_to(struct ctx *cx, const char *name)
{
    size_t n = strnlen(name, POINTER_MAX);
    char  *p = arena_alloc(cx->arena, 2 * n + 2), *q = p;
    *q++ = '/';
    for (size_t i = 0; i < n; i++, name++) {
        if (*name == '~' || *name == '/') *q++ = '~';
        *q++ = *name == '~' ? '0' : *name == '/' ? '1' : *name;
    }
    *q = '\0';
    return p;
}

static enum err phone(struct ctx *cx, const char *at, const char *v, const char **out)
{
    struct phone p;
    if (strlen(v) > 40 || !phone_parse(v, strlen(v), NULL, &p) || !check_e164(p.e164))
        return field_fault(cx, ERR_INVALID_NUMBER, at, "phone_number", "expected +<country><number>");
    *out = arena_strdup(cx->arena, p.e164);
    return OK;
}

static enum err text(struct ctx *cx, const struct field *f, const char *at, const char *v, const char **out)
{
    if (v == NULL) return field_fault(cx, ERR_INVALID, at, "type", "expected text");
    if (f->type == FIELD_PHONE) return phone(cx, at, v, out);
    if (f->type == FIELD_WORD && !check_word(v, f->words))
        return field_fault(cx, ERR_INVALID, at, "word",
                           arena_printf(cx->arena, "expected one of%.*s", (int)strlen(f->words) - 1, f->words));
    if (f->type == FIELD_DATE && !check_date(v)) return field_fault(cx, ERR_INVALID, at, "date", "expected YYYY-MM-DD");
    if (f->type == FIELD_MONEY && !check_money(v))
        return field_fault(cx, ERR_INVALID, at, "money", "expected a decimal number as text");
    if (f->type == FIELD_UUID && !check_uuid(v)) return field_fault(cx, ERR_INVALID, at, "uuid", "expected a UUID");
    if (f->type == FIELD_TEXT && (strlen(v) < f->min || strlen(v) > f->max))
        return field_fault(cx, ERR_INVALID, at, "length",
                           arena_printf(cx->arena, "expected %u to %u bytes", f->min, f->max));
    *out = v;
    return OK;
}

static enum err flag(struct ctx *cx, const char *at, bool ok, bool value, char *to)
{
    if (!ok) return field_fault(cx, ERR_INVALID, at, "type", "expected true or false");
    bool *v = arena_alloc(cx->arena, sizeof *v);
    *v = value;
    *(const bool **)(void *)to = v;
    return OK;
}

static enum err number(struct ctx *cx, const struct field *f, const char *at, bool ok, int64_t value, char *to)
{
    if (!ok)
        return field_fault(cx, ERR_INVALID, at, "range",
                           arena_printf(cx->arena, "expected a whole number, %u to %u", f->min, f->max));
    int64_t *v = arena_alloc(cx->arena, sizeof *v);
    *v = value;
    *(const int64_t **)(void *)to = v;
    return OK;
}

static enum err member(struct ctx *cx, const struct field *f, const struct json *v, char *to)
{
    const char *at = pointer_to(cx, f->name);
    int64_t     i = 0;
    if (v == NULL || json_type(v) == JSON_NULL)
        return f->required ? field_fault(cx, ERR_INVALID, at, "missing", "is missing") : OK;
    if (f->type == FIELD_BOOL) return flag(cx, at, json_type(v) == JSON_BOOL, json_bool(v, false), to);
    if (f->type == FIELD_INT) {
        const bool ok = json_int(v, f->min, f->max, &i);
        return number(cx, f, at, ok, i, to);
    }
    if (f->type != FIELD_RAW) return text(cx, f, at, json_text(v), (const char **)(void *)to);
    if (json_type(v) != JSON_ARRAY) return field_fault(cx, ERR_INVALID, at, "type", "expected a list");
    *(const char **)(void *)to = json_print(cx, v);
    return OK;
}

static const struct field *known(const struct field *f, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].name, name) == 0) return &f[i];
    return NULL;
}

enum err field_read(struct ctx *cx, const struct json *doc, const struct field *f, size_t n, enum field_strange strange,
                    void *out)
{
    if (json_type(doc) != JSON_OBJECT) return ctx_fail(cx, ERR_MALFORMED, "expected a JSON object");
    for (const struct json *m = json_first(doc); strange == FIELD_STRANGE_REFUSED && m != NULL; m = json_next(m))
        if (known(f, n, json_name(m)) == NULL)
            (void)field_fault(cx, ERR_INVALID, pointer_to(cx, json_name(m)), "unknown", "no such member");
    for (size_t i = 0; i < n; i++) (void)member(cx, &f[i], json_get(doc, f[i].name), (char *)out + f[i].off);
    return cx->err.code;
}

enum err field_body(struct ctx *cx, const struct json *doc, const struct fields *t, const void **out)
{
    char *to = arena_alloc(cx->arena, t->size);
    memset(to, 0, t->size);
    *out = to;
    if (!t->partial) return field_read(cx, doc, t->v, t->n, t->strange, to);
    TRY(field_read(cx, doc, t->v, 0, FIELD_STRANGE_IGNORED, to)); /* an object? */
    for (const struct json *m = json_first(doc); m != NULL; m = json_next(m)) {
        const struct field *f = known(t->v, t->n, json_name(m));
        if (f != NULL) (void)member(cx, f, m, to + f->off);
        else (void)field_fault(cx, ERR_INVALID, pointer_to(cx, json_name(m)), "unknown", "no such member");
    }
    return cx->err.code;
}

static enum err parameter(struct ctx *cx, const struct field *f, const char *v, char *to)
{
    const char *at = arena_printf(cx->arena, "?%s", f->name);
    const bool  yes = strcmp(v, "true") == 0;
    int64_t     i = 0;
    if (*(const char **)(void *)to != NULL) return field_fault(cx, ERR_INVALID, at, "twice", "came twice");
    if (f->type == FIELD_BOOL) return flag(cx, at, yes || strcmp(v, "false") == 0, yes, to);
    if (f->type == FIELD_INT) {
        const bool ok = check_int(v, f->min, f->max, &i);
        return number(cx, f, at, ok, i, to);
    }
    if (!check_utf8(v, strlen(v))) return field_fault(cx, ERR_INVALID, at, "type", "expected UTF-8 text");
    return text(cx, f, at, v, (const char **)(void *)to);
}

enum err field_query(struct ctx *cx, const struct form *q, const struct fields *t, const void **out)
{
    const size_t n = t == NULL ? 0 : t->n, size = t == NULL ? 1 : t->size;
    char        *to = arena_alloc(cx->arena, size);
    memset(to, 0, size);
    *out = to;
    for (size_t i = 0; i < q->n; i++) {
        const struct field *f = known(t == NULL ? NULL : t->v, n, q->v[i].key);
        if (f != NULL) (void)parameter(cx, f, q->v[i].val, to + f->off);
        else if (t == NULL || t->strange == FIELD_STRANGE_REFUSED)
            (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "?%.60s", q->v[i].key), "unknown",
                              "no such parameter");
    }
    for (size_t i = 0; i < n; i++)
        if (t->v[i].required && *(const char **)(void *)(to + t->v[i].off) == NULL)
            (void)field_fault(cx, ERR_INVALID, arena_printf(cx->arena, "?%s", t->v[i].name), "missing", "is missing");
    return cx->err.code;
}

static void print_member(struct buf *b, const struct field *f, const void *in)
{
    const void *v = *(const void *const *)(const void *)((const char *)in + f->off);
    buf_str(b, b->len == 0 ? "{" : ",");
    buf_json(b, f->name);
    buf_str(b, ":");
    if (v == NULL) buf_str(b, "null");
    else if (f->type == FIELD_BOOL) buf_str(b, *(const bool *)v ? "true" : "false");
    else if (f->type == FIELD_INT) buf_printf(b, "%lld", (long long)*(const int64_t *)v);
    else if (f->type == FIELD_RAW) buf_str(b, v);
    else buf_json(b, v);
}

const char *field_print(struct ctx *cx, const struct json *doc, const struct fields *t, const void *in)
{
    struct buf b = buf_new(cx->arena, 6 * API_BODY_MAX); /* a byte takes up to six in JSON */
    for (const struct json *m = json_first(doc); m != NULL; m = json_next(m)) {
        const struct field *f = known(t->v, t->n, json_name(m));
        if (f != NULL) print_member(&b, f, in);
    }
    for (size_t i = 0; doc == NULL && i < t->n; i++)
        if (*(const void *const *)(const void *)((const char *)in + t->v[i].off) != NULL)
            print_member(&b, &t->v[i], in);
    buf_str(&b, b.len == 0 ? "{}" : "}");
    return b.at;
}

/* " one two " as ["one","two"] */
static void schema_words(struct buf *b, const char *words, bool nullable)
{
    const char *comma = "";
    buf_str(b, ",\"enum\":[");
    for (const char *w = words + strspn(words, " "); *w != '\0'; comma = ",") {
        int n = (int)strcspn(w, " ");
        buf_printf(b, "%s\"%.*s\"", comma, n, w);
        w += n;
        w += strspn(w, " ");
    }
    buf_str(b, nullable ? ",null]" : "]");
}

void field_schema(struct buf *b, const struct field *f, bool nullable)
{
    const char *type = f->type == FIELD_BOOL  ? "boolean"
                       : f->type == FIELD_INT ? "integer"
                       : f->type == FIELD_RAW ? "array"
                                              : "string";
    buf_printf(b, nullable ? "{\"type\":[\"%s\",\"null\"]" : "{\"type\":\"%s\"", type);
    if (f->type == FIELD_TEXT) buf_printf(b, ",\"minLength\":%u,\"maxLength\":%u", f->min, f->max);
    if (f->type == FIELD_INT) buf_printf(b, ",\"minimum\":%u,\"maximum\":%u", f->min, f->max);
    if (f->type == FIELD_UUID) buf_str(b, ",\"format\":\"uuid\"");
    if (f->type == FIELD_PHONE) buf_str(b, ",\"maxLength\":40,\"example\":\"+447700900123\"");
    if (f->type == FIELD_RAW) buf_str(b, ",\"items\":{}");
    if (f->type == FIELD_DATE) buf_str(b, ",\"format\":\"date\",\"example\":\"2026-01-31\"");
    if (f->type == FIELD_MONEY) buf_str(b, ",\"pattern\":\"^-?[0-9]{1,12}([.][0-9]{1,6})?$\",\"example\":\"12.50\"");
    if (f->type == FIELD_WORD) schema_words(b, f->words, nullable);
    buf_str(b, "}");
}
