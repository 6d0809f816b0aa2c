/* JSON from outside, read strictly: cJSON behind a guard. Writing is buf_json() and PostgreSQL. */
#ifndef JSON_H
#define JSON_H
#include "ctx.h"

#include <stdbool.h>

/* A value inside a parsed document. Lives until the arena is reset. */
struct json;

/** Parses n bytes at s (NUL-terminated) as one value. MALFORMED, saying where, for anything RFC 8259 refuses and also:
 *  bytes that are not UTF-8, a NUL escape, a name twice in one object, more than JSON_DEPTH_MAX levels, text after the
 * value. TOO_LARGE: over max bytes. */
enum err json_parse(struct ctx *, const char *s, size_t n, size_t max, const struct json **out) MUST_CHECK;

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum json_type json_type(const struct json *);

/** The member of that name (case counts), or NULL: also when the value is no object or the argument is NULL. */
const struct json *json_get(const struct json *, const char *name);

/** First child and next sibling of arrays and objects; NULL at the end. json_name: a member's name. */
const struct json *json_first(const struct json *);
const struct json *json_next(const struct json *);
const char        *json_name(const struct json *);
size_t             json_count(const struct json *);

/** The text of a string; NULL if the value is none. */
const char *json_text(const struct json *);

/** A whole number within min..max; false if the value is none. */
bool json_int(const struct json *, int64_t min, int64_t max, int64_t *out);

/** Any finite number; false if the value is none. */
bool json_number(const struct json *, double *out);

/** true or false; fallback if the value is neither. */
bool json_bool(const struct json *, bool fallback);

/** The value as compact text, in the arena. */
const char *json_print(struct ctx *, const struct json *);

#endif
