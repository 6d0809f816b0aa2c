/* Erasure of a person: numbers, their forms and marks; tombstones and database compared. */
#include "erasure.h"

#include "buf.h"
#include "clock.h"
#include "json.h"
#include "phone.h"
#include "seal.h"
#include "sql.h"
#include "tomb.h"
#include "veil.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 1024, FORMS = 5, PAGE = 2000, MARK_BYTES = 160, PAGE_CAP = 16 << 20, PAGE_MS = 60 * 1000 };

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

/* By the key called id; NULL: there is no such key. */
static const char *mark_by(struct ctx *cx, const char *id, const char *tenant, const char *number)
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
    *mark = mark_by(cx, seal_newest(cx->keys), cx->tenant, number);
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
        const char *mark = mark_by(cx, id, tenant, number);
        all = all == NULL ? mark : arena_printf(cx->arena, "%s %s", all, mark);
    }
    return all;
}

const char *erasure_place(struct ctx *cx, const char *id)
{
    return arena_printf(cx->arena, "erasures.subject:%s", id);
}

/* What the database knows and the file does not. */
static enum err to_file(struct ctx *cx, const char *state_dir, const struct tombs *have, const char ***known,
                        size_t *n_known)
{
    struct sql_erasure_list_in in = { .after = NULL, .max = PAGE };
    struct db_rows             rows = { .n = PAGE };
    const char               **ids = NULL;
    size_t                     n = 0;
    while (rows.n == PAGE) {
        TRY(sql_erasure_list(cx, &in, &rows));
        const struct sql_erasure_list *v = rows.v;
        struct tomb                   *fresh = arena_alloc(cx->arena, (rows.n + 1) * sizeof *fresh);
        const char                   **more = arena_alloc(cx->arena, (n + rows.n + 1) * sizeof *more);
        size_t                         k = 0;
        if (n > 0) memcpy(more, ids, n * sizeof *more);
        for (size_t i = 0; i < rows.n; i++) {
            more[n + i] = v[i].id;
            if (tomb_has(have, v[i].id)) continue;
            fresh[k++] = (struct tomb){ v[i].id, v[i].tenant_id, v[i].mark, v[i].contacts, v[i].asked_us };
        }
        if (k > 0) TRY(tomb_add(cx, state_dir, fresh, k));
        if (rows.n > 0) in.after = v[rows.n - 1].id;
        ids = more;
        n += rows.n;
    }
    *known = ids;
    *n_known = n;
    return OK;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum err erasure_sync(struct ctx *cx, const char *state_dir, int64_t *restored)
{
    struct tombs have;
    const char **known;
    size_t       n;
    *restored = 0;
    cx->tenant = NULL;
    TRY(tomb_read(cx, state_dir, &have));
    TRY(to_file(cx, state_dir, &have, &known, &n));
    for (size_t i = 0; i < have.n; i++) {
        const struct tomb                  *t = &have.v[i];
        const struct sql_erasure_restore_in in = { t->id, t->mark, t->contacts, t->asked_us };
        struct sql_erasure_restore          row;
        if (n > 0 && bsearch(&t->id, known, n, sizeof *known, by_text) != NULL) continue;
        cx->tenant = t->tenant;
        TRY(sql_erasure_restore(cx, &in, &row));
        *restored += row.known;
    }
    cx->tenant = NULL;
    return OK;
}

/* The erasures of one tenant whose numbers are looked for. */
struct search {
    const struct sql_erasure_seeks *v;
    size_t                          n;
    char (*found)[MARK_BYTES]; /* the number of each, as it was found; "" not yet */
};

/* The marks of one number against all that are looked for; each key makes its mark once. */
static void compare(struct ctx *cx, struct search *s, const char *number, int64_t since_us)
{
    const char *marks = erasure_marks(cx, cx->tenant, number);
    for (size_t i = 0; marks != NULL && i < s->n; i++)
        if (s->v[i].mark != NULL && since_us <= s->v[i].asked_us && strstr(marks, s->v[i].mark) != NULL)
            (void)snprintf(s->found[i], sizeof s->found[i], "%s", number);
}

/* One page of numbers, in memory of its own; *after moves on, and is empty at the end. */
static enum err page(struct ctx *cx, struct search *s, char after[MARK_BYTES])
{
    const struct sql_erasure_numbers_in in = { after, PAGE };
    struct db_rows                      rows;
    cx->deadline_ms = clock_ms() + PAGE_MS;
    TRY(sql_erasure_numbers(cx, &in, &rows));
    const struct sql_erasure_numbers *v = rows.v;
    for (size_t i = 0; i < rows.n; i++) {
        const char *number = veil_open(cx, cx->veil, v[i].number);
        if (number != NULL) compare(cx, s, number, v[i].since_us);
    }
    (void)snprintf(after, MARK_BYTES, "%s", rows.n == PAGE ? v[rows.n - 1].number : "");
    return OK;
}

static enum err look(struct ctx *cx, struct search *s)
{
    struct arena *home = cx->arena;
    char          after[MARK_BYTES] = "";
    enum err      e = OK;
    cx->arena = arena_new(PAGE_CAP);
    do {
        e = page(cx, s, after);
        arena_reset(cx->arena);
    } while (e == OK && *after != '\0');
    arena_free(cx->arena);
    cx->arena = home;
    return e;
}

/* Has the key file the key of a mark? */
static bool known_key(struct ctx *cx, const char *mark)
{
    const char *id = mark + sizeof prefix - 1;
    return mark_by(cx, arena_copy(cx->arena, id, strcspn(id, "|")), cx->tenant, "") != NULL;
}

enum err erasure_seek(struct ctx *cx, int64_t *again)
{
    struct db_rows rows;
    size_t         strange = 0;
    *again = 0;
    TRY(sql_erasure_seeks(cx, &rows));
    if (rows.n == 0) return OK;
    TRY(veil_load(cx));
    struct search s = { rows.v, rows.n, arena_alloc(cx->arena, rows.n * sizeof *s.found) };
    memset(s.found, 0, rows.n * sizeof *s.found);
    TRY(look(cx, &s));
    for (size_t i = 0; i < s.n; i++) {
        struct sql_erasure_found_in in = { .id = s.v[i].id };
        struct sql_erasure_found    row;
        if (s.v[i].mark != NULL && !known_key(cx, s.v[i].mark)) {
            strange++;
            continue;
        }
        if (s.found[i][0] != '\0') TRY(seal_text(cx, cx->keys, erasure_place(cx, in.id), s.found[i], &in.subject));
        TRY(sql_erasure_found(cx, &in, &row));
        *again += row.again;
    }
    cx->veil = NULL;
    if (strange == 0) return OK;
    return ctx_fail(cx, ERR_NOT_CONFIGURED, "%zu erasures were marked with a key that the key file does not have",
                    strange);
}
