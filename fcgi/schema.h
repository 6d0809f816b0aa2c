/* The documents that the API answers with, as a table of words. */
#ifndef SCHEMA_H
#define SCHEMA_H
#include "buf.h"

/* One document. members: "name:type name:type? ..."; ? = null where there is nothing. Types: text uuid time sid phone
 * money int num bool any obj, words "a|b|c", [type] a list, and the Name of another document. */
struct schema {
    const char *name, *members;
};

/** All of them; the last row has a NULL name. */
extern const struct schema schemas[];

/** Writes a document's JSON schema. */
void schema_write(struct buf *, const struct schema *);

/** Writes the schema of a route's reply: a document's name, or "[Name]" for a page of a list. */
void schema_reply(struct buf *, const char *reply);

#endif
