/* Stored metadata follow the tenant's option: sealed, or back in the clear, page by page while everybody goes on. */
#include "metadata.h"

#include "clock.h"
#include "event.h"
#include "job.h"
#include "log.h"
#include "sql.h"
#include "transcript.h"
#include "veil.h"

#include <string.h>

/* A row of five megabytes, the largest there is, takes some 100 MiB of the cap on its way: parsed, sealed, its words
 * made tokens, and sent. */
enum { TURN_MS = 2000, PAGE_CAP = 256 << 20, PAGE_BYTES = 1 << 20, COLUMNS = 4 };

/* What a column holds: a kind of token, or JSON with texts or names in it. */
enum holds { NOTHING, NUMBER = VEIL_NUMBER, NAME = VEIL_NAME, TEXT = VEIL_TEXT, TEXTS = 'T', NAMES = 'P' };

/* The places of metadata_page.sql in the order of a pass, and how many rows a page of them has at most: it is cut where
 * PAGE_BYTES are full, for a transcript may have five megabytes, and an answer 90 KB. */
static const struct place {
    const char *word;
    int64_t     page;
    bool        by_sid;
    enum holds  v[COLUMNS];
} places[] = {
    { "calls", 500, false, { NUMBER, NUMBER, NUMBER } },
    { "legs", 500, true, { NUMBER } },
    { "intents", 100, false, { NUMBER, TEXT, TEXT, TEXTS } },
    { "contacts", 500, false, { NUMBER, NAME } },
    { "conversations", 500, false, { NUMBER } },
    { "listed", 500, false, { NUMBER, TEXT } },
    { "consents", 500, false, { NUMBER, TEXTS } },
    { "commands", 500, false, { NUMBER, TEXT } },
    { "controls", 500, false, { NUMBER } },
    { "transcripts", 8, false, { TEXT, TEXTS } },
    { "analyses", 100, false, { TEXT, TEXTS, NAMES } },
    { "answers", 500, false, { TEXT } },
    { "events", 100, false, { NOTHING } },
};

enum { PLACES = sizeof places / sizeof *places };

/* The place of a word; the first one for none. */
static const struct place *place_of(const char *word)
{
    for (size_t i = 0; word != NULL && i < PLACES; i++)
        if (strcmp(places[i].word, word) == 0) return &places[i];
    return places;
}

/* A column as it shall stand; NULL: as it stands. */
static enum err column(struct ctx *cx, enum holds holds, const char *was, const char **out)
{
    const struct veil *v = cx->veil;
    const bool         json = holds == TEXTS || holds == NAMES;
    const char        *is = was;
    *out = NULL;
    if (was == NULL || holds == NOTHING) return OK;
    if (json && v->on) TRY(veil_json_seal(cx, v, holds == TEXTS ? VEIL_TEXT : VEIL_NAME, was, &is));
    else if (json) is = veil_json_open(cx, v, was);
    else if (!v->on) is = veil_open(cx, v, was);
    else if (!veil_is(was)) is = veil_seal(cx, v, (enum veil_kind)holds, was);
    const bool lost = is == NULL || (json && !v->on && strstr(is, "\"" VEIL_LOST "\"") != NULL);
    if (!lost && strcmp(is, was) != 0) *out = is;
    return OK;
}

/* A webhook's body and its digest, which is keyed where the body is sealed. */
static void event(struct ctx *cx, const struct sql_metadata_page *row, struct sql_metadata_store_in *out)
{
    const struct db_bytes open = veil_bytes_open(cx, cx->veil, row->raw);
    struct event          ev = { .kind = event_kind_of(row->a == NULL ? "" : row->a), .veil = cx->veil };
    out->raw = cx->veil->on ? veil_bytes(cx, cx->veil, row->raw) : open;
    if (out->raw.at == row->raw.at) out->raw = (struct db_bytes){ NULL, 0 };
    out->digest = row->key;
    if (out->raw.at == NULL || ev.kind == EVENT_KINDS) return;
    if (form_parse(cx, open.at, open.n, &ev.form) != OK) ctx_forgive(cx);
    ev.account_sid = form_get(&ev.form, "AccountSid");
    if (ev.account_sid == NULL) return;
    event_digest(cx, &ev);
    out->digest = ev.digest;
}

/* One row; *changed: it is not as it shall stand. */
static enum err convert(struct ctx *cx, const struct place *p, const struct sql_metadata_page *row,
                        struct sql_metadata_store_in *out, bool *changed)
{
    const char *const was[COLUMNS] = { row->a, row->b, row->c, row->d };
    const char      **is[COLUMNS] = { &out->a, &out->b, &out->c, &out->d };
    *out = (struct sql_metadata_store_in){ .place = p->word,
                                           .id = p->by_sid ? NULL : row->key,
                                           .sid = p->by_sid ? row->key : NULL };
    out->was_a = row->a;
    out->was_b = row->b;
    for (size_t i = 0; i < COLUMNS; i++) TRY(column(cx, p->v[i], was[i], is[i]));
    if (row->raw.at != NULL) event(cx, row, out);
    if (strcmp(p->word, "transcripts") == 0 && out->a != NULL) out->c = transcript_tokens(cx, row->a);
    *changed = out->a != NULL || out->b != NULL || out->c != NULL || out->d != NULL || out->raw.at != NULL;
    return OK;
}

/* What is to be noted when a place has no more rows. */
static void next_place(const struct ctx *cx, const struct sql_metadata_work *at, const struct place *p,
                       struct sql_metadata_note_in *note)
{
    const bool last = p == &places[PLACES - 1];
    note->after = NULL;
    note->place = last ? NULL : p[1].word;
    note->done = last && at->ripe && !at->dirty;
    if (note->done) LOG(LOG_INFO, "metadata converted", LOG_TEXT("tenant", cx->tenant));
}

/* One page of the place where the pass is, converted and noted in one transaction. */
static enum err page(struct ctx *cx, const struct sql_metadata_work *at)
{
    const struct place           *p = place_of(at->place);
    struct sql_metadata_page_in   ask = { .place = p->word, .max = p->page, .bytes = PAGE_BYTES };
    struct sql_metadata_note_in   note = { at->place, at->after, p->word, at->after, at->dirty, false, 0, false };
    struct sql_metadata_store_in *v;
    struct db_rows                rows;
    bool                          changed = false;
    if (p->by_sid) ask.after_sid = at->after;
    else ask.after = at->after;
    TRY(sql_metadata_page(cx, &ask, &rows));
    const struct sql_metadata_page *row = rows.v;
    v = arena_alloc(cx->arena, (rows.n + 1) * sizeof *v);
    for (size_t i = 0; i < rows.n; i++) {
        TRY(convert(cx, p, &row[i], &v[note.converted], &changed));
        note.converted += changed;
    }
    note.dirty = note.dirty || note.converted > 0;
    if (rows.n == 0) next_place(cx, at, p, &note);
    else note.after = row[rows.n - 1].key;
    const struct db_call calls[] = { { &sql_metadata_note_stmt, &note, 1, NULL },
                                     { &sql_metadata_store_stmt, v, (size_t)note.converted, NULL } };
    return db_all(cx, calls, note.converted > 0 ? 2 : 1);
}

/* A key that is gone opens nothing: what is sealed stays so. */
static enum err give_up(struct ctx *cx, const struct sql_metadata_work *at)
{
    struct sql_tenant_key_load        key = { .sealed = NULL };
    const struct sql_metadata_note_in note = { at->place, at->after, NULL, NULL, false, false, 0, true };
    TRY(sql_tenant_key_load(cx, &key));
    if (key.sealed == NULL) return sql_metadata_note(cx, &note);
    return ctx_fail(cx, ERR_NOT_CONFIGURED, "the key of this tenant's metadata cannot be opened");
}

/* One step; *more: there may be another. */
static enum err step(struct ctx *cx, bool *more)
{
    struct sql_metadata_work at = { .place = NULL };
    TRY(sql_metadata_work(cx, &at));
    *more = at.place != NULL || at.may;
    if (!*more) return OK;
    TRY(veil_load(cx));
    TRY(veil_ready(cx));
    if (cx->veil == NULL || !cx->veil->ready) *more = false;
    if (cx->veil == NULL) return OK; /* set anew this moment */
    if (!cx->veil->ready) return give_up(cx, &at);
    if (at.place != NULL) return page(cx, &at);
    const struct sql_metadata_note_in begin = { NULL, NULL, places[0].word, NULL, false, true, 0, false };
    return sql_metadata_note(cx, &begin);
}

enum err metadata_follow(struct ctx *cx)
{
    const int64_t until_ms = clock_ms() + TURN_MS;
    struct arena *home = cx->arena;
    enum err      e = OK;
    cx->arena = arena_new(PAGE_CAP);
    for (bool more = true; more && e == OK && clock_ms() < until_ms; arena_reset(cx->arena)) {
        job_allow(cx, JOB_STEP_MS);
        e = step(cx, &more);
    }
    arena_free(cx->arena);
    cx->arena = home;
    cx->veil = NULL;
    return e;
}
