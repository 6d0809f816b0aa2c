/* Which zones a country has, as the machine's tz database tells. */
#ifndef ZONE_H
#define ZONE_H
#include "ctx.h"

/** {"GB":["Europe/London"],...} from a table in the format of zone1970.tab or zone.tab; NULL path: the machine's own.
 * NULL out: there is none. https://data.iana.org/time-zones/tz-link.html */
void zone_table(struct ctx *, const char *path, const char **out);

#endif
