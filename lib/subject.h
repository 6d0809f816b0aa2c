/* Everything that is kept about one person, as one JSON document of any length: read page by page, written row by row,
 * nothing kept. Rows are whole, with what is sealed opened. */
#ifndef SUBJECT_H
#define SUBJECT_H
#include "db.h"

#include <stdbool.h>

#define SUBJECT_SCHEMA "switchhook.subject/1"

/* Who it is: a number in E.164, or a contact by its id. way: how it leaves, for the audit. */
struct subject_wish {
    const char *number, *contact, *way, *actor, *origin;
};

/* Somebody of whom something is kept. who: as the statements take it. link_seconds: how long the tenant lets links to
 * recordings last. */
struct subject_found {
    const char *who, *doc;
    int64_t     link_seconds;
};

/* Where the document goes. put: false once nobody takes it any more. page: called before each page, to say that one
 * lives and how long it may take; NULL: the deadline stays. audio: gives the member "audio" of a recording that is
 * stored: JSON in the arena, which is reset after each page. */
struct subject_sink {
    void *arg;
    bool (*put)(void *arg, const char *bytes, size_t n);
    void (*page)(void *arg, struct ctx *);
    enum err (*audio)(void *arg, struct ctx *, const char *id, struct db_bytes sha256, const char **json);
};

/** Looks whether anything is kept about somebody of cx->tenant, and enters in the audit that it is given away. Needs
 *  cx->veil. Two round trips for a contact, whose number comes first. NOT_FOUND: nothing, or no such contact.
 *  NOT_CONFIGURED: what is sealed cannot be opened. */
enum err subject_find(struct ctx *, const struct subject_wish *, struct subject_found *out) MUST_CHECK;

/** Writes the document: {"schema", "made_at", "tenant", "subject", "found", and a list for each place}. Its pages are
 *  read one after the other, so what changes meanwhile may be in it or not. Fails as the sink's audio does. */
enum err subject_write(struct ctx *, const struct subject_found *, const struct subject_sink *) MUST_CHECK;

#endif
