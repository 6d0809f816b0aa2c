/* Deliveries on disk while PostgreSQL is away: durable before Twilio hears of it, drained through the same ingest. */
#ifndef SPOOL_H
#define SPOOL_H
#include "account.h"
#include "erasure.h"
#include "event.h"

/** Appends n events to <state_dir>/spool/<name>.log as one write and one fdatasync. OK: they survive a power cut.
 *  UNAVAILABLE: nothing is promised. */
enum err spool_append(struct ctx *, const char *state_dir, const char *name, struct event *const *v,
                      size_t n) MUST_CHECK;

/** Is there anything to drain? */
bool spool_waits(struct ctx *, const char *state_dir);

/** Moves everything spooled into the database through ingest(), oldest first; cx->db must be of role switchhook_ingest.
 * accounts: whose bodies are sealed, and how.
 * A file goes only after all of it is committed; torn or damaged records go to quarantine.log. *drained counts events.
 */
enum err spool_drain(struct ctx *, const char *state_dir, const struct accounts *, size_t *drained) MUST_CHECK;

/** Blanks what damaged files keep of an erased person; by cx->veil for cx->tenant. INTERNAL: a file cannot be written.
 */
enum err spool_forget(struct ctx *, const char *state_dir, const struct subject *) MUST_CHECK;

#endif
