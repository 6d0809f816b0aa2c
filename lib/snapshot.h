/* Where a call to each number goes and whose webhooks are true, as a file: what is known while the database is silent.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H
#include "db.h"

struct sql_ingest_answer;

/** Writes the rows of snapshot_list.sql and account_list.sql (tokens and keys stay sealed) to
 * <state_dir>/routes.snapshot, durable before it replaces the one there. UNAVAILABLE: the old one stays. */
enum err snapshot_write(struct ctx *, const char *state_dir, const struct db_rows *routes,
                        const struct db_rows *accounts) MUST_CHECK;

/** The accounts of the snapshot as rows of account_list.sql, in cx->arena. NOT_FOUND: there is no snapshot. */
enum err snapshot_accounts(struct ctx *, const char *state_dir, struct db_rows *out) MUST_CHECK;

/** What flow_answer() needs for a call to that number. Never with a recording: nobody could decide about it, and no row
 * of the call exists yet. NOT_FOUND: no snapshot, or not one of its numbers. */
enum err snapshot_find(struct ctx *, const char *state_dir, const char *tenant, const char *e164,
                       struct sql_ingest_answer *out) MUST_CHECK;

#endif
