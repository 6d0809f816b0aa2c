/* What Twilio fetches for each number when nothing of us answers. */
#ifndef FALLBACK_H
#define FALLBACK_H
#include "db.h"

/** Writes <state_dir>/fallback/<name>.xml for each row of snapshot_list.sql: the greeting and the number's forward-to,
 * or the sentence for those who reach nobody. Files that are as they should be are left alone, those of numbers that
 * have gone are removed. nginx serves them by itself. UNAVAILABLE: the folder cannot be written. */
enum err fallback_write(struct ctx *, const char *state_dir, const struct db_rows *routes) MUST_CHECK;

#endif
