/* The audio of recordings as an answer: nginx sends it, with ranges, and no worker is held by whoever listens. */
#ifndef MEDIA_H
#define MEDIA_H
#include "route.h"

/* Which audio: by our id, by a recording's sid, or a call's longest one by the sid of the call. */
struct media {
    const char *id, *sid;
    bool        download; /* to be kept as a file, not played in the page */
};

/** Answers with the audio, and writes down who asked. NOT_FOUND: none is kept here. */
enum err media_send(struct req *, struct res *, const struct media *) MUST_CHECK;

/** The public address of path, open to rq's user or key for so many seconds; *until: when it ends. */
enum err media_link(struct req *, const char *path, int64_t seconds, const char **url, const char **until) MUST_CHECK;

#endif
