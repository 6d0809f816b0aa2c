/* Where the audio of recordings lies: on our disk, in a bucket, or still at Twilio; plain, or encrypted with a key that
 * is the file's own and is itself sealed with the tenant's. */
#ifndef STORE_H
#define STORE_H
#include "recording.h"

#include <stdbool.h>
#include <stdio.h>

/* One recording. path: below RECORDINGS_DIR, or the key in the bucket. sealed_key NULL: it is plain. goes_on: asked
 * while something long is under way, as http_request.goes_on; NULL: always. */
struct store_place {
    const char *tenant, *id, *sid, *storage, *path, *sealed_key;
    bool (*goes_on)(void *);
    void *goes_on_arg;
};

/** The folder that a recording shall be fetched to first: where it is encrypted, one in memory, so that no plain byte
 *  of it reaches a disk. It is there afterwards. */
enum err store_folder(struct ctx *, bool encrypt, const char **out) MUST_CHECK;

/** Brings a file that was fetched to `folder` durably to place->storage, and fills place->path and sealed_key. The file
 *  under its temporary name is gone afterwards, whatever happens. Doing it again for one recording is safe. INTERNAL:
 *  the disk; NOT_CONFIGURED, UPSTREAM_AUTH, UPSTREAM, UNKNOWN, UNAVAILABLE: the bucket, or the key file. */
enum err store_put(struct ctx *, struct store_place *place, const char *folder, bool encrypt,
                   const struct recording_file *) MUST_CHECK;

/** Opens the plain audio for reading, wherever it lies. Fails as store_put() does, and NOT_FOUND: it is not there;
 *  INVALID: it was altered, or its key is gone. */
enum err store_open(struct ctx *, const struct store_place *, FILE **out) MUST_CHECK;

/** Sees to it that PLAY_DIR/<id>.wav is the plain audio, and stays for the next minutes. */
enum err store_copy(struct ctx *, const struct store_place *) MUST_CHECK;

/** Deletes what lies here and in the bucket, copies in the clear included; nothing there is fine. path and sealed_key
 * do not count. */
enum err store_drop(struct ctx *, const struct store_place *) MUST_CHECK;

/** Deletes, as far as it can, what an earlier attempt may have left elsewhere: on the disk and in a bucket that is set,
 *  all but what lies at place->path of place->storage. */
void store_drop_rest(struct ctx *, const struct store_place *);

/** Deletes from PLAY_DIR what nobody has listened to for max_age_s. Returns how many files. */
int64_t store_tidy(struct ctx *, int64_t max_age_s);

#endif
