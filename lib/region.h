/* Twilio's hosts: which one serves a region. */
#ifndef REGION_H
#define REGION_H
#include "ctx.h"

/** The base URL of Twilio's REST API, without a slash at its end. base wins over region and edge; any may be NULL.
 *  https://api.ie1.twilio.com and a region without an edge become https://api.dublin.ie1.twilio.com, for hosts of the
 * form api.<region> answer no more and a bare region is served by the United States. In the arena.
 *  https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region */
const char *region_base(struct arena *, const char *base, const char *region, const char *edge);

/** The edge of a region ("ie1": "dublin"); NULL if the region is unknown. Static. */
const char *region_edge(const char *region);

/** The region that key, tokens and application of an account belong to: region, else what base names
 *  (https://api.dublin.ie1.twilio.com: ie1). NULL: neither says one. In the arena, or region itself. */
const char *region_of(struct arena *, const char *base, const char *region);
/** Where another product of Twilio's is ("numbers", "pricing"), from region_base(): the same edge and region; a base
 * that is not Twilio's serves all products. */
const char *region_product(struct arena *, const char *base, const char *product);

#endif
