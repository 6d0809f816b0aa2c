/* Where a call to each number goes, as a file: what callers get while the database is silent. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H
#include "db.h"

struct sql_ingest_answer;

/** Writes the rows of snapshot_list.sql to <state_dir>/routes.snapshot, durable before it replaces the one there.
 *  UNAVAILABLE: the old one stays. */
enum err snapshot_write(struct ctx *, const char *state_dir, const struct db_rows *) MUST_CHECK;

/** What flow_answer() needs for a call to that number. Never with a recording: nobody could decide about it, and no row
 * of the call exists yet. NOT_FOUND: no snapshot, or not one of its numbers. */
enum err snapshot_find(struct ctx *, const char *state_dir, const char *tenant, const char *e164,
                       struct sql_ingest_answer *out) MUST_CHECK;

#endif
