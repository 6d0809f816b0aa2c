/* lib/id: identifiers nobody can guess. */
#include "id.h"

#include "check.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static void uuids_are_version_7_and_sort_by_time(void **state)
{
    char    a[37], b[37], ms[13] = "";
    int64_t before = clock_unix_ms();
    (void)state;
    id_uuid7(a);
    assert_true(check_uuid(a));
    assert_int_equal(a[14], '7');
    assert_non_null(strchr("89ab", a[19]));
    memcpy(ms, a, 8);
    memcpy(ms + 8, a + 9, 4);
    int64_t stamp = strtoll(ms, NULL, 16);
    assert_true(stamp >= before && stamp <= clock_unix_ms());
    for (int64_t now = clock_unix_ms(); clock_unix_ms() == now;) continue;
    id_uuid7(b);
    assert_true(strcmp(a, b) < 0);
}

static void random_text_uses_its_whole_alphabet_evenly(void **state)
{
    struct ctx *cx = *state;
    size_t      count[256] = { 0 }, n = 62000;
    const char *s = id_random(cx->arena, n);
    assert_int_equal(strlen(s), n);
    for (size_t i = 0; i < n; i++) count[(unsigned char)s[i]]++;
    size_t used = 0;
    for (size_t c = 0; c < 256; c++) {
        if (count[c] == 0) continue;
        used++;
        assert_in_range(count[c], 800, 1200); /* 1,000 each; 6 standard deviations are 190 */
    }
    assert_int_equal(used, 62);
    const char *lower = id_random_lower(cx->arena, 1000);
    assert_int_equal(strspn(lower, "0123456789abcdefghijklmnopqrstuvwxyz"), 1000);
}

static void nothing_comes_twice(void **state)
{
    struct ctx *cx = *state;
    assert_string_not_equal(id_random(cx->arena, 43), id_random(cx->arena, 43));
}

UNIT_MAIN(UNIT_TEST(uuids_are_version_7_and_sort_by_time), UNIT_TEST(random_text_uses_its_whole_alphabet_evenly),
          UNIT_TEST(nothing_comes_twice))
