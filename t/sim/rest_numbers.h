/* Phone numbers: how those of a country look, and what they can do. */
#pragma once
#include "rest.h"

/** How numbers look: digits as they are, 'N' 2-9, 'X' 0-9. */
struct number_kind {
    const char *country, *type, *shape, *locality, *region, *postcode, *needs, *can; /* needs: address_requirements */
};

const struct number_kind *number_kind(const char *e164); /* NULL: none that we know */
/** The index-th number of a shape, beginning with prefix: the same for everybody, every time; kept. */
const char               *number_shaped(const struct number_kind *k, const char *prefix, unsigned index);
/** Does a number fit Contains or PhoneNumber of a list: '*' and '%' are wild, '+' anchors the start. */
bool                      number_fits(const char *pattern, const char *e164);
/** NULL: a kind that we do not know, which can everything but pictures. */
void                      number_capabilities(cJSON *o, const struct number_kind *k, bool upper);
