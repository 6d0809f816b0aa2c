/* Everything about one person: the places where it is kept, one list each. */
#include "subject.h"

#include "buf.h"
#include "check.h"
#include "digest.h"
#include "seal.h"
#include "sql.h"
#include "veil.h"

#include <stdio.h>
#include <string.h>

/* A transcript may have some megabytes, a webhook's body 64 KiB; a page lies in memory, three times at most. */
enum { PAGE_CAP = 256 << 20, WHO_MAX = 1024, KEY_MAX = 256, ROW_MAX = 64 << 20 };

/* The places of subject_page.sql in the order of the document, and how many rows a page of them has. */
static const struct place {
    const char *word;
    int64_t     page;
} places[] = {
    { "contacts", 100 },    { "conversations", 500 }, { "consents", 200 }, { "questions", 200 }, { "do_not_call", 200 },
    { "holds", 200 },       { "views", 200 },         { "mentions", 500 }, { "calls", 50 },      { "legs", 500 },
    { "requests", 100 },    { "commands", 500 },      { "controls", 500 }, { "events", 20 },     { "answers", 200 },
    { "recordings", 20 },   { "transcripts", 2 },     { "analyses", 50 },  { "runs", 500 },      { "models", 500 },
    { "conversions", 500 }, { "ledger", 500 },        { "messages", 100 }, { "deliveries", 20 }, { "notices", 200 },
    { "alerts", 500 },      { "accesses", 200 },
};

enum { PLACES = sizeof places / sizeof *places };

static void member(struct buf *b, const char *name, const char *text)
{
    buf_printf(b, "%s\"%s\":", b->len > 1 ? "," : "", name);
    buf_json(b, text);
}

/* What stands in the audit for a number: a keyed digest, by which one number can be recognised and none read. */
static const char *mark(struct ctx *cx, const char *number)
{
    enum { LETTERS = 32 };
    const char *id = cx->keys == NULL ? NULL : seal_id(cx->keys, 0);
    const char *mac = id == NULL ? NULL : seal_mac(cx->arena, cx->keys, id, "subject", number);
    return mac == NULL ? "number" : arena_printf(cx->arena, "number:%s:%.*s", id, (int)LETTERS, mac);
}

/* The number of a contact, and its token; either is NULL where there is none. */
static enum err number_of(struct ctx *cx, const char *contact, const char **number, const char **token)
{
    struct sql_subject_contact row = { .phone_number = NULL };
    TRY(sql_subject_contact(cx, &(const struct sql_subject_contact_in){ contact }, &row));
    *number = veil_open(cx, cx->veil, row.phone_number);
    *token = row.phone_number == *number ? NULL : row.phone_number;
    return OK;
}

enum err subject_find(struct ctx *cx, const struct subject_wish *w, struct subject_found *out)
{
    struct sql_subject_find row = { .found = false };
    struct buf              b = buf_new(cx->arena, WHO_MAX);
    const char             *number = w->number, *token = NULL;
    if (cx->veil != NULL && !cx->veil->ready)
        return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key of this tenant's metadata cannot be opened");
    if (w->contact != NULL) TRY(number_of(cx, w->contact, &number, &token));
    if (token == NULL) token = veil_token(cx, cx->veil, VEIL_NUMBER, number);
    buf_str(&b, "{");
    member(&b, "number", number);
    member(&b, "token", token);
    member(&b, "contact", w->contact);
    member(&b, "mark", w->contact != NULL ? w->contact : mark(cx, number));
    buf_str(&b, "}");
    TRY(sql_subject_find(cx, &(const struct sql_subject_find_in){ b.at, w->way, w->actor, w->origin }, &row));
    if (!row.found)
        return ctx_fail(cx, ERR_NOT_FOUND,
                        w->contact != NULL ? "no such contact" : "nothing is kept about this number");
    *out = (struct subject_found){ b.at, row.doc, row.link_seconds };
    return OK;
}

/* A webhook's body: its text, or base64 where it is not UTF-8. */
static void body(struct ctx *cx, struct buf *b, struct db_bytes raw)
{
    const struct db_bytes open = veil_bytes_open(cx, cx->veil, raw);
    const char           *text = arena_copy(cx->arena, open.at, open.n);
    const bool            plain = strlen(text) == open.n && check_utf8(text, open.n);
    buf_str(b, plain ? ",\"body\":" : ",\"body_base64\":");
    buf_json(b, plain ? text : digest_base64(cx->arena, open.at, open.n));
}

/* The row as it is written: without its last brace and with what no column tells. */
static enum err row(struct ctx *cx, const struct subject_sink *to, const struct place *p,
                    const struct sql_subject_page *r, struct buf *b)
{
    const char *doc = veil_json_open(cx, cx->veil, r->doc), *audio = "null";
    buf_add(b, doc, strlen(doc) - 1);
    if (strcmp(p->word, "events") == 0) body(cx, b, r->raw);
    if (strcmp(p->word, "recordings") == 0) {
        if (r->raw.at != NULL) TRY(to->audio(to->arg, cx, r->key, r->raw, &audio));
        buf_printf(b, ",\"audio\":%s", audio);
    }
    buf_str(b, "}");
    return b->full ? ctx_fail(cx, ERR_INTERNAL, "a row of %s is too long", p->word) : OK;
}

/* A page of a place; *key: its last row's, and where it began. *go: there may be more. */
static enum err page(struct ctx *cx, const struct subject_found *s, const struct subject_sink *to,
                     const struct place *p, char key[KEY_MAX], bool *go)
{
    const struct sql_subject_page_in in = { p->word, s->who, *key == '\0' ? NULL : key, p->page };
    struct db_rows                   rows;
    bool                             first = *key == '\0';
    if (to->page != NULL) to->page(to->arg, cx);
    TRY(sql_subject_page(cx, &in, &rows));
    const struct sql_subject_page *v = rows.v;
    for (size_t i = 0; i < rows.n; i++, first = false) {
        struct buf b = buf_new(cx->arena, ROW_MAX);
        buf_str(&b, first ? "\n" : ",\n");
        TRY(row(cx, to, p, &v[i], &b));
        if (!to->put(to->arg, b.at, b.len)) return ctx_fail(cx, ERR_UNAVAILABLE, "the reader has gone");
    }
    *go = rows.n == (size_t)p->page;
    if (*go) (void)snprintf(key, KEY_MAX, "%s", v[rows.n - 1].key);
    return OK;
}

static enum err list(struct ctx *cx, const struct subject_found *s, const struct subject_sink *to,
                     const struct place *p)
{
    char        key[KEY_MAX] = "";
    const char *head = arena_printf(cx->arena, ",\n\"%s\":[", p->word);
    bool        go = to->put(to->arg, head, strlen(head));
    while (go) {
        TRY(page(cx, s, to, p, key, &go));
        arena_reset(cx->arena);
    }
    return to->put(to->arg, "]", 1) ? OK : ctx_fail(cx, ERR_UNAVAILABLE, "the reader has gone");
}

static enum err all(struct ctx *cx, const struct subject_found *s, const struct subject_sink *to)
{
    const char *head =
        arena_printf(cx->arena, "{\"schema\":\"%s\",%.*s", SUBJECT_SCHEMA, (int)strlen(s->doc) - 2, s->doc + 1);
    if (!to->put(to->arg, head, strlen(head))) return ctx_fail(cx, ERR_UNAVAILABLE, "the reader has gone");
    for (size_t i = 0; i < PLACES; i++) TRY(list(cx, s, to, &places[i]));
    return to->put(to->arg, "}\n", 2) ? OK : ctx_fail(cx, ERR_UNAVAILABLE, "the reader has gone");
}

enum err subject_write(struct ctx *cx, const struct subject_found *s, const struct subject_sink *to)
{
    struct arena *home = cx->arena, *own = arena_new(PAGE_CAP);
    if (own == NULL) return ctx_fail(cx, ERR_UNAVAILABLE, "no memory for an export");
    cx->arena = own;
    enum err e = all(cx, s, to);
    cx->arena = home;
    arena_free(own);
    return e;
}
