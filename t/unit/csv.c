/* Numbers out of tables as spreadsheets and lists of regulators write them. */
#include "csv.h"
#include "phone.h"
#include "unit.h"

#include <string.h>

static void reads_the_first_cell_that_is_a_number(void **state)
{
    struct ctx        *cx = *state;
    struct csv_numbers got;
    static const char  text[] = "\xEF\xBB\xBFname,number\r\n"
                                "Ann,+44 20 7946 0123\r\n"
                                "\"Bob, junior\";\"020 7946 0124\"\n"
                                "\n"
                                "'+442079460125\n"
                                ",,\n"
                                "442079460126\tx";
    phone_init();
    csv_numbers(cx, text, sizeof text - 1, "GB", &got);
    assert_string_equal(got.numbers, "+442079460123 +442079460124 +442079460125 +442079460126");
    assert_int_equal(got.good, 4);
    assert_int_equal(got.bad, 0);
}

static void names_the_rows_without_one(void **state)
{
    struct ctx        *cx = *state;
    struct csv_numbers got;
    static const char  text[] = "+442079460123\nnobody\n020 7946 0124\n\xff\xfe\n+1\n";
    phone_init();
    csv_numbers(cx, text, sizeof text - 1, NULL, &got);
    assert_string_equal(got.numbers, "+442079460123");
    assert_int_equal(got.bad, 4);
    assert_int_equal(got.faults[0].line, 2);
    assert_string_equal(got.faults[0].detail, "no phone number: nobody");
    assert_int_equal(got.faults[1].line, 3);
    assert_string_equal(got.faults[2].detail, "no phone number: bytes that are no text");
    assert_int_equal(got.faults[3].line, 5);
}

static void takes_any_bytes(void **state)
{
    struct ctx        *cx = *state;
    struct csv_numbers got;
    static const char  text[] = "\"\0,,;\"\"\"\r\r\n\0";
    phone_init();
    csv_numbers(cx, text, sizeof text - 1, "GB", &got);
    assert_string_equal(got.numbers, "");
    csv_numbers(cx, "", 0, NULL, &got);
    assert_string_equal(got.numbers, "");
    assert_int_equal(got.good + got.bad, 0);
}

UNIT_MAIN(UNIT_TEST(reads_the_first_cell_that_is_a_number), UNIT_TEST(names_the_rows_without_one),
          UNIT_TEST(takes_any_bytes))
