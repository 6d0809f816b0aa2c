/* What webhooks were answered, for the timelines of their calls: noted behind the answer, so that nobody waits for it.
 *
 *   answered --note--> gathered --with the next transaction, or alone after LINGER_MS--> stored
 *
 * A process that dies in between loses notes, never an answer or a delivery; so does a transaction that fails. */
#ifndef HOOKNOTE_H
#define HOOKNOTE_H
#include "hook.h"

/** Notes for the life of a process, in its arena; what they gather has others, which hook_notes_free() frees. */
struct hook_notes *hook_notes_new(struct arena *home);
void               hook_notes_free(struct hook_notes *);

/** An answered request, before its arena goes. Past what fits it is forgotten. */
void hook_note(struct hook_notes *, struct hook *);

/** Milliseconds until notes should go alone; 0: now, -1: there are none. at_once: the process wants to end. */
int64_t hook_notes_wait_ms(const struct hook_notes *, int64_t now, bool at_once);

/** Takes what is gathered as at most NOTE_CALLS statements of one transaction, which stay until hook_notes_gone(). */
enum { NOTE_CALLS = 2 };
const struct db_call *hook_notes_take(struct hook_notes *, size_t *n);

/** The transaction with what was taken, if anything was, is over. stored: it was committed. */
void hook_notes_gone(struct hook_notes *, bool stored);

#endif
