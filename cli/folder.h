/* A directory that is there whole or not at all: made beside its place, and put there in one step. */
#ifndef FOLDER_H
#define FOLDER_H
#include "ctx.h"

#include <stdio.h>

struct folder {
    const char *to, *parent, *temp; /* paths; temp: where it is made */
    int         lock;
    FILE       *manifest;
};

/** Begins the directory `to`, mode 0700, as .<name>.part beside it; what a killed one left there is removed. CONFLICT:
 * something is there already, or another process is making it. INTERNAL: the disk. */
enum err folder_open(struct ctx *, const char *to, struct folder *out) MUST_CHECK;

/** A fresh file of it, mode 0600. name is ours: a word, or "word/word" below a directory that is made if need be. */
enum err folder_file(struct ctx *, struct folder *, const char *name, FILE **out) MUST_CHECK;

/** Closes a file: on the disk, with its digest in MANIFEST as sha256sum(1) writes it. f is closed whatever happens. */
enum err folder_keep(struct ctx *, struct folder *, const char *name, FILE *f) MUST_CHECK;

/** Puts the directory in its place. CONFLICT: something has come there meanwhile. */
enum err folder_done(struct ctx *, struct folder *) MUST_CHECK;

/** Ends it: what was not put in its place is removed. */
void folder_close(struct folder *);

#endif
