/* Tokens inside JSON: opened where a document leaves, sealed where one is stored. */
#include "veil.h"

#include "buf.h"
#include "json.h"
#include "limit.h"

#include <string.h>

enum { DOCUMENT_MAX = 32 << 20 };

static const char mark[] = "\"sealed1|";

/* Bytes of the string at s, which begins with a quote, with both quotes; the rest if it is not closed. */
static size_t string(const char *s)
{
    const char *p = s + 1;
    while (*p != '\0' && *p != '"') p += p[0] == '\\' && p[1] != '\0' ? 2 : 1;
    return (size_t)(p - s) + (*p == '"');
}

/* Does the string at from, in a document that begins at json, stand in a member that is a number or nothing? */
static bool number_alone(const char *json, const char *from)
{
    static const char *const names[] = { "\"phone_number\"", "\"customer_number\"" };
    while (from > json && (from[-1] == ' ' || from[-1] == ':')) from--;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t n = strlen(names[i]);
        if ((size_t)(from - json) >= n && memcmp(from - n, names[i], n) == 0) return true;
    }
    return false;
}

static void put(struct ctx *cx, const struct veil *v, struct buf *b, const char *json, const char *at, size_t n)
{
    char       *text = n > 2 && at[n - 1] == '"' ? arena_copy(cx->arena, at + 1, n - 2) : NULL;
    const char *plain = text == NULL || !veil_is(text) ? NULL : veil_open(cx, v, text);
    if (plain != NULL) buf_json(b, plain);
    else if (text == NULL || !veil_is(text)) buf_add(b, at, n);
    else buf_json(b, number_alone(json, at) ? NULL : VEIL_LOST);
}

const char *veil_json_open(struct ctx *cx, const struct veil *v, const char *json)
{
    const char *first = strstr(json, mark), *at = json;
    struct buf  b;
    if (first == NULL) return json;
    b = buf_new(cx->arena, DOCUMENT_MAX);
    while (*at != '\0') { /* every string is walked over: what looks like a token may stand inside another one */
        const size_t n = *at == '"' ? string(at) : strcspn(at, "\"");
        if (*at == '"' && strncmp(at, mark, sizeof mark - 1) == 0) put(cx, v, &b, json, at, n);
        else buf_add(&b, at, n);
        at += n;
    }
    return b.full ? json : b.at;
}

/* What is being printed again. */
struct sealing {
    struct ctx        *cx;
    const struct veil *veil;
    enum veil_kind     kind;
    struct buf         b;
    bool               any; /* something was sealed */
};

static bool spared(const char *name)
{
    return name != NULL && (strcmp(name, "speaker") == 0 || strcmp(name, "owner") == 0);
}

static void print(struct sealing *s, const struct json *v)
{
    const enum json_type t = json_type(v);
    const char          *text = json_text(v), *comma = "";
    if (t == JSON_STRING) {
        const bool as_it_is = *text == '\0' || spared(json_name(v)) || veil_is(text);
        s->any = s->any || !as_it_is;
        buf_json(&s->b, as_it_is ? text : veil_seal(s->cx, s->veil, s->kind, text));
    } else if (t == JSON_ARRAY || t == JSON_OBJECT) {
        buf_str(&s->b, t == JSON_ARRAY ? "[" : "{");
        for (const struct json *m = json_first(v); m != NULL; m = json_next(m), comma = ",") {
            buf_str(&s->b, comma);
            if (t == JSON_OBJECT) buf_json(&s->b, json_name(m));
            if (t == JSON_OBJECT) buf_str(&s->b, ":");
            print(s, m);
        }
        buf_str(&s->b, t == JSON_ARRAY ? "]" : "}");
    } else {
        buf_str(&s->b, json_print(s->cx, v));
    }
}

enum err veil_json_seal(struct ctx *cx, const struct veil *v, enum veil_kind kind, const char *json, const char **out)
{
    struct sealing     s = { cx, v, kind, buf_new(cx->arena, DOCUMENT_MAX), false };
    const struct json *root;
    *out = json;
    if (v == NULL || !v->on || json == NULL) return OK;
    TRY(json_parse(cx, json, strlen(json), DOCUMENT_MAX, &root));
    print(&s, root);
    if (s.b.full) return ctx_fail(cx, ERR_TOO_LARGE, "a document over %d bytes", DOCUMENT_MAX);
    if (s.any) *out = s.b.at;
    return OK;
}
