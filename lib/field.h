/* JSON bodies as tables: each row fills one member of a struct, or refuses by name. */
#ifndef FIELD_H
#define FIELD_H
#include "json.h"

#include <stdbool.h>
#include <stddef.h>

/* What a member may be, and what it fills:
 *   TEXT   const char *   min..max bytes of UTF-8
 *   WORD   const char *   one of words
 *   PHONE  const char *   anything libphonenumber reads with its country code; becomes E.164
 *   UUID   const char *
 *   BOOL   const bool *
 *   RAW    const char *   any array, printed again as JSON */
enum field_type { FIELD_TEXT, FIELD_WORD, FIELD_PHONE, FIELD_UUID, FIELD_BOOL, FIELD_RAW };

/* An absent member and null leave NULL, which is refused where the row says required. */
struct field {
    const char     *name;
    enum field_type type;
    unsigned short  off;
    bool            required;
    unsigned short  min, max;
    const char     *words; /* " one two " */
};

enum field_strange { FIELD_STRANGE_REFUSED, FIELD_STRANGE_IGNORED };

/** Fills out from an object. INVALID_NUMBER for a phone, else INVALID, naming the member; with FIELD_STRANGE_REFUSED
 * also for a member that no row has. MALFORMED: doc is no object. Strings live in cx->arena. */
enum err field_read(struct ctx *, const struct json *doc, const struct field *, size_t n, enum field_strange,
                    void *out) MUST_CHECK;

#endif
