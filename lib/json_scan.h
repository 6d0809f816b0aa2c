/* The grammar of JSON: internal to lib/json*.c. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H
#include <stddef.h>

/** Checks the n bytes at s, which are UTF-8 without NUL and end with one, against RFC 8259 with our limits on depth and
 * on numbers. NULL if they are one value and nothing else; else what is wrong, and at which byte. */
const char *json_scan(const char *s, size_t n, size_t *at);

#endif
