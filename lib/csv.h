/* Phone numbers out of a table of comma-separated values. */
#ifndef CSV_H
#define CSV_H
#include "ctx.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_FAULTS_MAX = 100 };

struct csv_fault {
    size_t      line; /* from 1 */
    const char *detail;
};

struct csv_numbers {
    const char      *numbers; /* E.164 with blanks between, in the order of the rows */
    size_t           good, bad;
    struct csv_fault faults[CSV_FAULTS_MAX]; /* of the first bad rows */
};

/** Reads one number a row: the first cell of a row that is one, with its country code, or as people of that country
 * write it (NULL: of no country). Cells stand between commas, semicolons or tabs, in quotes or not; empty rows and a
 * first row without digits are let pass. text: n bytes of anything. TOO_LARGE never: the caller bounds n. */
void csv_numbers(struct ctx *, const char *text, size_t n, const char *country, struct csv_numbers *out);

#endif
