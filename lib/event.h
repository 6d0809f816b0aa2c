/* One delivery from Twilio, however it reached us: request, spool, replay, or a page of its REST lists. */
#ifndef EVENT_H
#define EVENT_H
#include "db.h"
#include "form.h"

#include <stdbool.h>
struct veil;

/* CONSENT: the customer who waits has pressed a key, or none; CALLEE: a phone that we rang asks what it hears before it
 * is connected; CALLEE_CONSENT: the customer at that phone has pressed a key, or none. */
enum event_kind {
    EVENT_ANSWER,
    EVENT_STATUS,
    EVENT_RECORDING,
    EVENT_DIAL,
    EVENT_BROWSER,
    EVENT_CONSENT,
    EVENT_CALLEE,
    EVENT_CALLEE_CONSENT,
    EVENT_KINDS
};

struct event {
    enum event_kind    kind;
    const char        *account_sid, *tenant; /* tenant: whose account it is, by lib/account */
    const char        *intent;               /* uuid from our own callback URL; NULL elsewhere */
    const struct veil *veil;                 /* of that tenant; NULL: nothing is sealed */
    bool               then_phone;           /* of a Dial: its user's phone comes after the browser */
    bool               late;                 /* its call was answered from the disk, long ago */
    int64_t            received_ms;          /* unix */
    struct db_bytes    raw;                  /* body, or query of a GET, as it came */
    const char        *digest;               /* uuid text: first 128 bits of SHA-256(kind, account, sorted fields) */
    struct form        form;
};

/** Fills digest from kind, account_sid and form. Two deliveries of one callback have the same. */
void event_digest(struct ctx *, struct event *);

/** The word of a kind in webhook_events.kind: "voice.answer"... Static. */
const char *event_word(enum event_kind);

/** The kind of a word; EVENT_KINDS if there is none. */
enum event_kind event_kind_of(const char *word);

#endif
