/* lib/origin: what a list of origins may hold. */
#include "origin.h"

#include "unit.h"

static void an_origin_is_what_a_browser_sends(void **state)
{
    static const char *good[] = { "https://crm.example",  "http://localhost:3000", "https://crm.example:8443",
                                  "http://192.168.1.5",   "https://[2001:db8::1]", "http://[::1]:8080",
                                  "https://a-b.c.example" };
    static const char *bad[] = { "",
                                 "null",
                                 "*",
                                 "crm.example",
                                 "https://",
                                 "https://crm.example/",
                                 "https://crm.example?x",
                                 "https://CRM.example",
                                 "https://crm.example:443",
                                 "http://crm.example:80",
                                 "https://crm.example:",
                                 "https://crm.example:0",
                                 "https://crm.example:080",
                                 "https://crm.example:65536",
                                 "https://u@crm.example",
                                 "https://*.example",
                                 "ftp://crm.example",
                                 "https://[2001:db8::1",
                                 "https://[]",
                                 "https://.example",
                                 "https://crm.example\r\nX: y" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_row(i, origin_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_row(i, !origin_valid(bad[i]));
}

UNIT_MAIN(UNIT_TEST(an_origin_is_what_a_browser_sends))
