/* Tables as comma-separated values, RFC 4180: written cell by cell, and read into JSON. */
#ifndef SHEET_H
#define SHEET_H
#include "buf.h"
#include "ctx.h"

/* PLAIN: our own words and numbers. FREE: what somebody typed; a spreadsheet must not take it for a formula. PHONE:
 * E.164, which begins with + and is kept as it is. https://owasp.org/www-community/attacks/CSV_Injection */
enum sheet_cell { SHEET_PLAIN, SHEET_FREE, SHEET_PHONE };

/** Writes a cell with what separates it from the next, or ends the row. NULL is an empty cell. excel: numbers of
 * telephones as ="...", which that program leaves alone. */
void sheet_cell(struct buf *, const char *text, enum sheet_cell, bool excel, bool last);

/** Reads a table whose first row names its columns into a JSON array of objects of texts; empty cells are left out.
 * Cells stand between commas, or semicolons where the first row has no comma. MALFORMED: a quote that does not end, a
 * row with more cells than names, bytes that are not UTF-8, no names, over max rows. */
enum err sheet_read(struct ctx *, const char *text, size_t n, size_t max, const char **json) MUST_CHECK;

#endif
