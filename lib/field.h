/* JSON bodies and queries as tables: each row fills one member of a struct, or refuses by name. The same tables are
 * printed as the API's description. */
#ifndef FIELD_H
#define FIELD_H
#include "form.h"
#include "json.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* What a member may be, and what it fills:
 *   TEXT   const char *      min..max bytes of UTF-8
 *   WORD   const char *      one of words
 *   PHONE  const char *      anything libphonenumber reads with its country code; becomes E.164
 *   UUID   const char *
 *   BOOL   const bool *
 *   RAW    const char *      any array, printed again as JSON
 *   INT    const int64_t *   min..max
 *   DATE   const char *      a day, YYYY-MM-DD
 *   MONEY  const char *      a decimal number, at most 12 digits and 6 behind the point */
enum field_type {
    FIELD_TEXT,
    FIELD_WORD,
    FIELD_PHONE,
    FIELD_UUID,
    FIELD_BOOL,
    FIELD_RAW,
    FIELD_INT,
    FIELD_DATE,
    FIELD_MONEY
};

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

/* A whole table, and the struct it fills. */
struct fields {
    const struct field *v;
    unsigned short      n, size; /* rows, bytes of the struct */
    bool                partial; /* of a PATCH: what is absent stays, required means not null */
    enum field_strange  strange;
};

#define FIELDS(rows, type)                                                    \
    {                                                                         \
        .v = (rows), .n = sizeof(rows) / sizeof *(rows), .size = sizeof(type) \
    }
#define FIELDS_PARTIAL(rows, type)                                                             \
    {                                                                                          \
        .v = (rows), .n = sizeof(rows) / sizeof *(rows), .size = sizeof(type), .partial = true \
    }
#define FIELDS_TOLERANT(rows, type)                                                                             \
    {                                                                                                           \
        .v = (rows), .n = sizeof(rows) / sizeof *(rows), .size = sizeof(type), .strange = FIELD_STRANGE_IGNORED \
    }

/** Fills out from an object. INVALID_NUMBER for a phone, else INVALID, naming the member; with FIELD_STRANGE_REFUSED
 * also for a member that no row has. cx->err.at then lists all that is wrong, not only the first. MALFORMED: doc is no
 * object. Strings live in cx->arena. */
enum err field_read(struct ctx *, const struct json *doc, const struct field *, size_t n, enum field_strange,
                    void *out) MUST_CHECK;

/** field_read() of a table into a fresh struct. */
enum err field_body(struct ctx *, const struct json *doc, const struct fields *, const void **out) MUST_CHECK;

/** The parameters of a query into a fresh struct; NULL takes none. INVALID, naming it, for one that no row has, that
 * came twice or has a bad value. */
enum err field_query(struct ctx *, const struct form *, const struct fields *, const void **out) MUST_CHECK;

/** The members that doc has, as a JSON object with the values that field_body() accepted: what a statement of PATCH
 * takes. doc NULL: all that are there, as of a query. */
const char *field_print(struct ctx *, const struct json *doc, const struct fields *, const void *in);

/** Records that a member or ("?name") parameter is wrong, and fails with e unless something has failed before.
 * code: a word for programs. */
enum err field_fault(struct ctx *, enum err e, const char *pointer, const char *code, const char *detail);

/** The row's JSON schema (2020-12, as OpenAPI 3.1 takes it); nullable where null may stand for nothing. */
void field_schema(struct buf *, const struct field *, bool nullable);

#endif
