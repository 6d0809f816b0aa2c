/* lib/region: which host serves a region, and which region a host means. */
#include "region.h"

#include "unit.h"

#include <string.h>

/* https://www.twilio.com/docs/global-infrastructure/using-the-twilio-rest-api-in-a-non-us-region */
static void maps_region_and_edge_to_the_host_that_answers(void **state)
{
    static const struct {
        const char *base, *region, *edge, *host;
    } rows[] = {
        { NULL, NULL, NULL, "https://api.twilio.com" },
        { NULL, "us1", NULL, "https://api.twilio.com" },
        { NULL, "us1", "ashburn", "https://api.ashburn.us1.twilio.com" },
        { NULL, "ie1", NULL, "https://api.dublin.ie1.twilio.com" },
        { NULL, "ie1", "dublin", "https://api.dublin.ie1.twilio.com" },
        { NULL, "ie1", "frankfurt", "https://api.frankfurt.ie1.twilio.com" },
        { NULL, "au1", NULL, "https://api.sydney.au1.twilio.com" },
        { NULL, NULL, "dublin", "https://api.dublin.us1.twilio.com" },
        { "https://api.ie1.twilio.com", NULL, NULL, "https://api.dublin.ie1.twilio.com" },
        { "https://api.ie1.twilio.com/", "ie1", NULL, "https://api.dublin.ie1.twilio.com" },
        { "https://api.au1.twilio.com", "ie1", NULL, "https://api.sydney.au1.twilio.com" },
        { "https://twilio.like.example:8443/", "ie1", "dublin", "https://twilio.like.example:8443" },
        { "", "ie1", NULL, "https://api.dublin.ie1.twilio.com" },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *host = region_base(cx->arena, rows[i].base, rows[i].region, rows[i].edge);
        if (strcmp(host, rows[i].host) != 0) fail_msg("%s, not %s", host, rows[i].host);
    }
}

static void knows_the_region_that_a_token_must_name(void **state)
{
    static const struct {
        const char *base, *region, *is;
    } rows[] = {
        { NULL, NULL, NULL },
        { NULL, "ie1", "ie1" },
        { "https://api.dublin.ie1.twilio.com", NULL, "ie1" },
        { "https://api.ie1.twilio.com", NULL, "ie1" },
        { "https://api.sydney.au1.twilio.com", "us1", "us1" },
        { "https://api.twilio.com", NULL, NULL },
        { "https://twilio.like.example", NULL, NULL },
        { "http://127.0.0.1:8080", "au1", "au1" },
        { "", NULL, NULL },
    };
    struct ctx *cx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *is = region_of(cx->arena, rows[i].base, rows[i].region);
        assert_row(i, (is == NULL) == (rows[i].is == NULL) && (is == NULL || strcmp(is, rows[i].is) == 0));
    }
}

UNIT_MAIN(UNIT_TEST(maps_region_and_edge_to_the_host_that_answers), UNIT_TEST(knows_the_region_that_a_token_must_name))
