/* Requests to models within a job: the spend row before, the outcome behind, what a failure means. */
#ifndef AI_H
#define AI_H
#include "job.h"
#include "openai.h"

enum { AI_REQUEST_MS = 10 * 60 * 1000 };

/* One request that costs money. */
struct ai {
    struct ctx     *cx;
    struct job     *job;
    const char     *recording, *purpose, *model; /* purpose: "transcribe" or "analyse" */
    int64_t         failures;                    /* answers so far that could not be used */
    struct job_hold hold;
    struct openai   openai; /* for the request itself */
    const char     *row;    /* of ai_requests */
};

/** Writes the row, renews the lease, and leaves AI_REQUEST_MS for the request. seconds: of audio; -1 none. */
enum err ai_open(struct ai *, int64_t seconds) MUST_CHECK;

/** Writes how it ended, as cx says. Trouble in writing it is let pass: the row stands. */
void ai_close(struct ai *);

/** Decides what becomes of a job whose request failed, as cx says. Refusals that somebody must cure are parked; so are
 * servers that are away or busy at the last attempt, for that is no fault of the recording. An answer that cannot be
 * used, and costs, is asked for three times, then once a day for four days. */
enum err ai_failed(struct ai *) MUST_CHECK;

#endif
