/* clean.h: any bytes to what XML 1.0 can carry. */
#ifndef CLEAN_H
#define CLEAN_H
#include "twiml.h"

#include <libxml/xmlstring.h>

struct clean {
    const xmlChar *s;     /* valid XML 1.0 characters in UTF-8 */
    xmlChar       *owned; /* s, if it had to be copied: the caller xmlFrees it; NULL: s is the caller's own string */
};

/** TWIML_OK, TWIML_ETOOBIG (more than max characters) or TWIML_ENOMEM; then out holds nothing. Control characters are
 * dropped, each byte that is in no character becomes U+FFFD. */
enum twiml_status tw_clean(struct clean *out, const char *s, size_t max);

/** Bytes of the character at s that XML 1.0 can carry; 0: there is none. Reads no further than a NUL, or left (1..)
 * bytes. */
unsigned tw_char(const unsigned char *s, size_t left);

enum { TW_CHAR_MAX = 4 }; /* bytes of a character; the left of a string that ends with a NUL */

#endif
