/* Zones of countries, from tables of the tz database. */
#include "zone.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *table(struct ctx *cx, const char *text)
{
    char        path[] = "/tmp/switchhook-zone-XXXXXX";
    const char *out;
    FILE       *f = fdopen(mkstemp(path), "w");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
    zone_table(cx, path, &out);
    assert_int_equal(unlink(path), 0);
    return out;
}

static void reads_both_forms_of_the_table(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(table(cx, "# comment\nGB,GG\t+513030-0000731\tEurope/London\n"
                                  "US\t+404251-0740023\tAmerica/New_York\tEastern\n"
                                  "US\t+211825-1575130\tPacific/Honolulu\tHawaii\n"),
                        "{\"GB\":[\"Europe/London\"],\"GG\":[\"Europe/London\"],"
                        "\"US\":[\"America/New_York\",\"Pacific/Honolulu\"]}");
}

static void lets_pass_what_is_no_row(void **state)
{
    struct ctx *cx = *state;
    assert_null(table(cx, ""));
    assert_null(table(cx, "GB\nGB\tx\n\t\t\t\nG\tx\ty\n"));
    const char *none;
    zone_table(cx, "/nonexistent/zone.tab", &none);
    assert_null(none);
}

UNIT_MAIN(UNIT_TEST(reads_both_forms_of_the_table), UNIT_TEST(lets_pass_what_is_no_row))
