/* Notes of answers and refusals, in two halves: one gathers while the other is on its way. */
#include "hooknote.h"

#include "clock.h"
#include "digest.h"
#include "ingest_read.h"
#include "sql.h"
#include "veil.h"

#include <stdlib.h>
#include <string.h>

enum {
    NOTES_MAX = 2 * EVENT_BATCH_MAX,
    REFUSALS_MAX = 32,
    LINGER_MS = 250,
    KNOWN = 64,
    HALF_CAP = 64 << 20,
    UUID = 36
};

struct half {
    struct arena                *arena;
    struct sql_ingest_said_in    said[NOTES_MAX];
    struct sql_ingest_refusal_in refused[REFUSALS_MAX];
    size_t                       nsaid, nrefused;
};

struct hook_notes {
    struct half    half[2];
    unsigned       gathers; /* which one; the other is on its way, or empty */
    int64_t        since_ms;
    struct db_call calls[NOTE_CALLS];
    char           known[KNOWN][2 * UUID + 1]; /* documents that are stored, or on their way: digest and tenant */
};

struct hook_notes *hook_notes_new(struct arena *home)
{
    struct hook_notes *n = arena_alloc(home, sizeof *n);
    for (size_t i = 0; i < 2; i++)
        if ((n->half[i].arena = arena_new(HALF_CAP)) == NULL) abort(); /* the parent starts another */
    return n;
}

void hook_notes_free(struct hook_notes *n)
{
    for (size_t i = 0; i < 2; i++) arena_free(n->half[i].arena);
}

static struct half *gathering(struct hook_notes *n)
{
    struct half *h = &n->half[n->gathers];
    if (h->nsaid + h->nrefused == 0) n->since_ms = clock_ms();
    return h;
}

static void note_refusal(struct hook_notes *n, const char *tenant, const char *reason)
{
    struct half *h = gathering(n);
    for (size_t i = 0; i < h->nrefused; i++)
        if (strcmp(h->refused[i].reason, reason) == 0 && strcmp(h->refused[i].tenant_id, tenant) == 0) {
            h->refused[i].n++;
            return;
        }
    if (h->nrefused == REFUSALS_MAX) return;
    h->refused[h->nrefused++] =
        (struct sql_ingest_refusal_in){ arena_strdup(h->arena, tenant), arena_strdup(h->arena, reason), 1 };
}

/* Is it known that a document is stored? It is from now on. */
static bool known(struct hook_notes *n, const char *digest, unsigned place, const char *tenant)
{
    char *at = n->known[place % KNOWN];
    if (memcmp(at, digest, UUID) == 0 && strcmp(at + UUID, tenant) == 0) return true;
    memcpy(at, digest, UUID);
    memcpy(at + UUID, tenant, UUID);
    return false;
}

/* The document by its digest, which many calls have in common. */
static void note_text(struct hook_notes *n, struct half *half, const struct hook *h, struct sql_ingest_said_in *out)
{
    unsigned char md[DIGEST_SHA256];
    digest_sha256(h->rs.body, h->rs.len, md);
    const char *hex = digest_hex(half->arena, md, 16);
    out->text_id = arena_printf(half->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    if (!known(n, out->text_id, md[0], out->tenant_id)) out->text = arena_copy(half->arena, h->rs.body, h->rs.len);
}

void hook_note(struct hook_notes *n, struct hook *h)
{
    const struct event *ev = &h->ev;
    if (h->rs.status >= 400) {
        const char *tenant = h->blamed != NULL ? h->blamed : ev->tenant;
        if (tenant != NULL) note_refusal(n, tenant, error_word(h->cx.err.code));
        return;
    }
    struct half *half = gathering(n);
    if (ev->tenant == NULL || ev->digest == NULL || half->nsaid == NOTES_MAX) return;
    struct sql_ingest_said_in *s = &half->said[half->nsaid++];
    *s = (struct sql_ingest_said_in){ .tenant_id = arena_strdup(half->arena, ev->tenant),
                                      .digest = arena_strdup(half->arena, ev->digest),
                                      .kind = event_word(ev->kind),
                                      .call_sid = arena_strdup(half->arena, ingest_call_sid(ev)),
                                      .received_ms = ev->received_ms,
                                      .took_us = clock_us() - h->began_us };
    if (!h->of_party) {
        note_text(n, half, h, s);
        return;
    }
    const char *body = arena_copy(h->arena, h->rs.body, h->rs.len);
    s->body = arena_strdup(half->arena, veil_seal(&h->cx, ev->veil, VEIL_TEXT, body));
}

int64_t hook_notes_wait_ms(const struct hook_notes *n, int64_t now, bool at_once)
{
    const struct half *h = &n->half[n->gathers];
    if (h->nsaid + h->nrefused == 0) return -1;
    const int64_t left = n->since_ms + LINGER_MS - now;
    return at_once || left < 0 ? 0 : left;
}

const struct db_call *hook_notes_take(struct hook_notes *n, size_t *out)
{
    struct half *h = &n->half[n->gathers];
    n->gathers = 1 - n->gathers;
    *out = 0;
    if (h->nsaid > 0) n->calls[(*out)++] = (struct db_call){ &sql_ingest_said_stmt, h->said, h->nsaid, NULL };
    if (h->nrefused > 0)
        n->calls[(*out)++] = (struct db_call){ &sql_ingest_refusal_stmt, h->refused, h->nrefused, NULL };
    return n->calls;
}

void hook_notes_gone(struct hook_notes *n, bool stored)
{
    struct half *h = &n->half[1 - n->gathers];
    if (h->nsaid + h->nrefused == 0) return;
    if (!stored) memset(n->known, 0, sizeof n->known); /* a document may have been on its way */
    h->nsaid = h->nrefused = 0;
    arena_reset(h->arena);
}
