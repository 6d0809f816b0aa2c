/* One delivery from Twilio: its word and what makes two deliveries the same. */
#include "event.h"

#include "buf.h"
#include "digest.h"
#include "limit.h"
#include "veil.h"

#include <stdint.h>
#include <string.h>

static const char *const words[EVENT_KINDS] = {
    [EVENT_ANSWER] = "voice.answer",       [EVENT_STATUS] = "voice.status",
    [EVENT_RECORDING] = "voice.recording", [EVENT_DIAL] = "voice.dial",
    [EVENT_BROWSER] = "voice.browser",     [EVENT_CONSENT] = "voice.consent",
    [EVENT_CALLEE] = "voice.callee",       [EVENT_CALLEE_CONSENT] = "voice.callee_consent",
};

const char *event_word(enum event_kind kind)
{
    return words[kind];
}

enum event_kind event_kind_of(const char *word)
{
    for (size_t i = 0; i < EVENT_KINDS; i++)
        if (strcmp(words[i], word) == 0) return (enum event_kind)i;
    return EVENT_KINDS;
}

/* Lengths keep "ab" "c" apart from "a" "bc". */
static void add(struct buf *b, const char *s)
{
    const uint32_t n = (uint32_t)strlen(s);
    buf_add(b, &n, sizeof n);
    buf_add(b, s, n);
}

void event_digest(struct ctx *cx, struct event *ev)
{
    const struct form f = form_sorted(cx->arena, &ev->form);
    struct buf        b = buf_new(cx->arena, HOOK_BODY_MAX * 4);
    unsigned char     md[DIGEST_SHA256];
    add(&b, event_word(ev->kind));
    add(&b, ev->account_sid);
    for (size_t i = 0; i < f.n; i++) {
        add(&b, f.v[i].key);
        add(&b, f.v[i].val);
    }
    digest_sha256(b.at, b.len, md);
    veil_mark(ev->veil, md, 16);
    const char *hex = digest_hex(cx->arena, md, 16);
    ev->digest = arena_printf(cx->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}
