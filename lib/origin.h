/* Origins of pages, as browsers send them. https://www.rfc-editor.org/rfc/rfc6454#section-6.1 */
#ifndef ORIGIN_H
#define ORIGIN_H
#include <stdbool.h>

enum { ORIGINS_MAX = 100 }; /* of one tenant */

/** Is it an origin that a list may hold: http or https, a host in lower case, a port only where it is not the scheme's
 * own, nothing behind it? */
bool origin_valid(const char *);

#endif
