/* application/x-www-form-urlencoded: ordered pairs, as Twilio sends and takes them. */
#pragma once
#include "mem.h"

#include <stdbool.h>

struct pair {
    char *name, *value;
};

/** Ordered pairs; names may repeat. Zero-initialised is empty; form_free() gives all back. */
struct form {
    struct pair *v;
    size_t       n, cap;
};

void        form_add(struct form *f, const char *name, const char *value);
void        form_addf(struct form *f, const char *name, const char *fmt, ...) PRINTF(3, 4);
/** Adds the pairs of an encoded text. A name without '=' has the value "". */
void        form_parse(struct form *f, const char *text, size_t len);
/** The first value of a name, or NULL. */
const char *form_get(const struct form *f, const char *name);
bool        form_has(const struct form *f, const char *name);
void        form_encode(const struct form *f, struct buf *out);
struct form form_copy(const struct form *f);
void        form_free(struct form *f);

/** Percent-decodes in place, '+' is a blank if plus; returns the new length. */
size_t percent_decode(char *s, size_t len, bool plus);
