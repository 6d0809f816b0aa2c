/* Erasure of a person: numbers, their forms and marks. */
#include "erasure.h"

#include "buf.h"
#include "phone.h"
#include "seal.h"
#include "sql.h"
#include "veil.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 1024, FORMS = 5 };

static const char prefix[] = "erased1|", purpose[] = "erasure";

static const char *digits_of(struct arena *a, const char *text)
{
    char *out = arena_strdup(a, text), *to = out;
    for (const char *c = text; *c != '\0'; c++)
        if (*c >= '0' && *c <= '9') *to++ = *c;
    *to = '\0';
    return out;
}

static int longer_first(const void *a, const void *b)
{
    const size_t x = strlen(*(const char *const *)a), y = strlen(*(const char *const *)b);
    return (x < y) - (x > y);
}

static const char *list(struct ctx *cx, const char *const *v, size_t n)
{
    struct buf b = buf_new(cx->arena, WORDS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (v[i] == NULL || *v[i] == '\0') continue;
        buf_str(&b, b.len == 0 ? "[" : ",");
        buf_json(&b, v[i]);
    }
    buf_str(&b, b.len == 0 ? "[]" : "]");
    return b.at;
}

struct subject erasure_subject(struct ctx *cx, const char *number)
{
    struct phone p;
    if (number == NULL) return (struct subject){ NULL, "[]", "[]" };
    const char *const numbers[] = { number, veil_token(cx, cx->veil, VEIL_NUMBER, number) };
    const char       *forms[FORMS] = { number, number + 1 };
    if (phone_parse(number, strlen(number), NULL, &p)) {
        forms[2] = arena_strdup(cx->arena, p.international);
        forms[3] = arena_strdup(cx->arena, p.national);
        forms[4] = digits_of(cx->arena, p.national);
    } else forms[2] = forms[3] = forms[4] = "";
    qsort(forms, FORMS, sizeof *forms, longer_first);
    return (struct subject){ number, list(cx, numbers, 2), list(cx, forms, FORMS) };
}

bool erasure_tells(const struct subject *who, const char *text, size_t n)
{
    return who->number != NULL && memmem(text, n, who->number + 1, strlen(who->number + 1)) != NULL;
}

const char *erasure_mark(struct ctx *cx, const char *id, const char *tenant, const char *number)
{
    const char *text = arena_printf(cx->arena, "%s\n%s", tenant, number);
    const char *mac = cx->keys == NULL ? NULL : seal_mac(cx->arena, cx->keys, id, purpose, text);
    return mac == NULL ? NULL : arena_printf(cx->arena, "%s%s|%s", prefix, id, mac);
}

enum err erasure_seal(struct ctx *cx, const char *id, const char *number, const char **mark, const char **subject)
{
    *mark = *subject = NULL;
    if (number == NULL) return OK;
    if (cx->keys == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key file could not be read");
    *mark = erasure_mark(cx, seal_id(cx->keys, 0), cx->tenant, number);
    return seal_text(cx, cx->keys, erasure_place(cx, id), number, subject);
}

enum err erasure_contact(struct ctx *cx, const char *id, bool *known, const char **number)
{
    struct db_rows rows;
    TRY(sql_erasure_contact(cx, &(const struct sql_erasure_contact_in){ id }, &rows));
    const struct sql_erasure_contact *v = rows.v;
    *known = rows.n > 0;
    *number = rows.n == 0 || v->phone_number == NULL ? NULL : veil_open(cx, cx->veil, v->phone_number);
    if (rows.n == 0 || v->phone_number == NULL || *number != NULL) return OK;
    return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key of this tenant's metadata cannot be opened");
}

const char *erasure_marks(struct ctx *cx, const char *tenant, const char *number)
{
    const char *id, *all = NULL;
    for (size_t i = 0; number != NULL && cx->keys != NULL && (id = seal_id(cx->keys, i)) != NULL; i++) {
        const char *mark = erasure_mark(cx, id, tenant, number);
        all = all == NULL ? mark : arena_printf(cx->arena, "%s %s", all, mark);
    }
    return all;
}

const char *erasure_place(struct ctx *cx, const char *id)
{
    return arena_printf(cx->arena, "erasures.subject:%s", id);
}
