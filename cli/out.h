/* What commands print: data to standard output, as a table or as JSON. */
#ifndef OUT_H
#define OUT_H
#include "command.h"

/** n rows of width columns; cells row by row, NULL for nothing. JSON: a list of objects. */
void out_rows(struct cli *, const char *const *columns, size_t width, const char *const *cells, size_t n);

/** One object. Table: a line a member. */
void out_one(struct cli *, const char *const *columns, size_t width, const char *const *cells);

/** Prints the members named by columns of the API document doc: of a page one line a row, else one object. Every value
 * is text; null is left out. */
enum err out_doc(struct cli *, const char *const *columns, size_t width, const char *doc) MUST_CHECK;

#endif
