/* lib/guess: passwords that somebody would guess. */
#include "guess.h"

#include "unit.h"

#include <string.h>

static const struct guess_owner ada = { "ada.lovelace+crm@analytical.example", "Fish & Chips Ltd" };

static void a_common_password_is_refused_in_any_case_and_with_marks_behind_it(void **state)
{
    static const char *const rows[] = { "password", "Password1", "PASSWORD1!!", "iloveyou",
                                        "sunshine", "trustno1",  "00000001",    "football" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_non_null(guess_why(rows[i], &ada));
}

static void the_list_is_sorted_and_long(void **state)
{
    (void)state;
    assert_true(guess_common_n == 10000);
    for (size_t i = 1; i < guess_common_n; i++) assert_true(strcmp(guess_common[i - 1], guess_common[i]) < 0);
    for (size_t i = 0; i < guess_common_n; i++) assert_true(strlen(guess_common[i]) >= 8);
}

static void repetitions_and_sequences_are_refused(void **state)
{
    static const char *const rows[] = { "zzzzzzzzzzzz", "xyxyxyxyxyx", "q7pq7pq7pq7", "98769876", "abcdefghijkl",
                                        "ABCD6543",     "zxcvbnmasd",  "lkjhgfdsa",   "uiop7890" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_non_null(guess_why(rows[i], &ada));
}

static void what_is_known_of_its_owner_is_refused_with_a_little_besides(void **state)
{
    static const char *const rows[] = { "ada.lovelace+crm@analytical.example",
                                        "Ada.Lovelace",
                                        "ada.lovelace1815",
                                        "analytical77",
                                        "Fish&Chips-Ltd",
                                        "fishchipsltd!!1",
                                        "switchhook1",
                                        "1SwitchHook!" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_non_null(guess_why(rows[i], &ada));
}

static void everything_else_is_fine(void **state)
{
    static const char *const rows[] = { "correct horse 7",      "ada.lovelace likes bernoulli",
                                        "tr0ub4dor&3",          "\xc3\xa9t\xc3\xa9 \xc3\xa0 paris",
                                        "fish and other chips", "abcdx12345y" };
    const struct guess_owner nobody = { NULL, NULL }, brief = { "a@b.example", "X" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null(guess_why(rows[i], &ada));
        assert_null(guess_why(rows[i], &nobody));
        assert_null(guess_why(rows[i], &brief));
    }
}

UNIT_MAIN(UNIT_TEST(a_common_password_is_refused_in_any_case_and_with_marks_behind_it),
          UNIT_TEST(the_list_is_sorted_and_long), UNIT_TEST(repetitions_and_sequences_are_refused),
          UNIT_TEST(what_is_known_of_its_owner_is_refused_with_a_little_besides), UNIT_TEST(everything_else_is_fine))
