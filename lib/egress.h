/* Where our requests may go when a tenant says whither: the public internet, and nothing that is near us. */
#ifndef EGRESS_H
#define EGRESS_H
#include "ctx.h"

#include <stdbool.h>

struct sockaddr;

/** Is it an address of the public internet? Not: private, shared, loopback, link-local and with it the metadata
 * services of clouds, multicast, documentation, and IPv6 that carries an IPv4 address which is none.
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 * https://www.iana.org/assignments/iana-ipv6-special-registry */
bool egress_public(const struct sockaddr *);

/** The same, or an address of this machine's loopback. */
bool egress_public_or_local(const struct sockaddr *);

/** May a tenant have us send to this URL? INVALID, saying why: not https, a user in it, a host that is written as an
 * address which is not public, in whatever spelling. local: http to 127.0.0.1 may be as well. A name is judged when it
 * is connected to, by what it means then. */
enum err egress_url(struct ctx *, const char *url, bool local) MUST_CHECK;

#endif
