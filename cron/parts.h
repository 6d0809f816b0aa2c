/* Answers of a model that were paid for while others are still missing: kept beside the recording, so that a sweep that
 * dies between two of them asks only for what it has not. */
#ifndef PARTS_H
#define PARTS_H
#include "json.h"

/** The name of a part below RECORDINGS_DIR. run: the recording's sid, with more where another run has parts of its own.
 * What is old there is deleted by recording_sweep(). */
const char *parts_name(struct arena *, const char *tenant, const char *run, int channel, int64_t from);

/** A kept answer, or NULL: none, or one that was cut. */
const struct json *parts_read(struct ctx *, const char *name);

/** Keeps an answer. Failing is harmless and not reported. */
void parts_write(struct ctx *, const char *name, const struct json *);

#endif
