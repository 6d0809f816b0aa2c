/* Recordings: fetched from Twilio, verified, kept as files. */
#ifndef RECORDING_H
#define RECORDING_H
#include "db.h"
#include "digest.h"
#include "twilio.h"

#include <stdbool.h>

/* Where one recording lies at Twilio, and where it shall lie here. */
struct recording_source {
    const struct twilio *account;
    const char          *sid;
    const char          *dir;     /* RECORDINGS_DIR */
    const char          *tenant;  /* the folder below it */
    int64_t              token;   /* of the job: part of the temporary name, so that two sweeps never share one */
    int64_t              seconds; /* RecordingDuration; -1 unknown */
    bool (*goes_on)(void *);
    void *goes_on_arg;
};

/* A recording that lies under its temporary name, whole and verified. */
struct recording_file {
    const char     *temp, *path; /* below dir; path: where it lies once it is kept */
    int64_t         bytes, seconds;
    int             channels;
    unsigned char   sha256[DIGEST_SHA256];
    struct db_bytes peaks;
    int64_t         retry_after_s; /* what Twilio asked for with RATE_LIMITED and UPSTREAM; -1 */
};

/** GETs the two-channel file, or the mixed one where Twilio has no other, to <tenant>/.<sid>.<token>.tmp. The address
 * is built from base and SIDs, never taken from a callback. At most 3 redirects, to https hosts of Twilio and its
 * storage alone; the password goes to the API's own host alone. NOT_FOUND: not there yet, or no more. UPSTREAM_AUTH:
 * account or token are refused. RATE_LIMITED, UPSTREAM, UNAVAILABLE, UNKNOWN: try later. MALFORMED: what came is no
 * complete WAV file of that length. TOO_LARGE: over MEDIA_MAX. INTERNAL: the folder cannot be written. Nothing is left
 * behind on failure. https://www.twilio.com/docs/voice/api/recording#fetch-a-recordings-media-file */
enum err recording_fetch(struct ctx *, const struct recording_source *, struct recording_file *out) MUST_CHECK;

/** Makes the file durable under its name: fsync, rename, fsync of the folder. INTERNAL: it could not. */
enum err recording_keep(struct ctx *, const char *dir, const struct recording_file *) MUST_CHECK;

/** Deletes a file below dir; one that is not there is fine. */
void recording_drop(struct ctx *, const char *dir, const char *path);

/** Deletes what is no recording and older than max_age_s in every tenant's folder: what killed sweeps left behind.
 *  Returns how many. */
int64_t recording_sweep(struct ctx *, const char *dir, int64_t max_age_s);

/** Where a redirect from url leads. UPSTREAM_REFUSED: somewhere we do not go. */
enum err recording_hop(struct ctx *, const char *base, const char *url, const char *location,
                       const char **out) MUST_CHECK;

/** Seconds to wait after the attempt-th 404 (1 is the first): 2, 5, 15, 60, 300, 900, 3600. */
int64_t recording_patience_s(int64_t attempt);

#endif
