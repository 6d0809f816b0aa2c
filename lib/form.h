/* application/x-www-form-urlencoded: Twilio's webhooks and queries. */
#ifndef FORM_H
#define FORM_H
#include "ctx.h"
#include "limit.h"

struct kv {
    const char *key, *val;
};

/* The fields of a form body in the order they came; a name may repeat. */
struct form {
    struct kv *v;
    size_t     n;
};

/** Reads application/x-www-form-urlencoded. The strings live in cx->arena.
 *  MALFORMED: a % without two hex digits, or a NUL in a field. TOO_LARGE: over FORM_FIELDS_MAX fields.
 *  Bytes are not checked to be UTF-8. */
enum err form_parse(struct ctx *, const char *body, size_t len, struct form *out) MUST_CHECK;

/** The first field of that name, or NULL. */
const char *form_get(const struct form *, const char *key);

/** The fields sorted bytewise by name, then value; equal pairs stay neighbours. In the arena. */
struct form form_sorted(struct arena *, const struct form *);

/** A Twilio SID: prefix ("CA", "RE"...) and 32 hex digits. INVALID, naming the field, if it is not one.
 *  https://www.twilio.com/docs/glossary/what-is-a-sid */
enum err form_sid(struct ctx *, const struct form *, const char *key, const char *prefix, const char **out) MUST_CHECK;

#endif
