/* Passwords that somebody would guess. */
#include "guess.h"

#include "passwd.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = PASSWD_MAX + 1, WORD_MIN = 3, PERIOD_MAX = 4, RUN_MIN = 3 };

/* Lower case; without everything but letters and digits, if so asked. What does not fit is left out. */
static void fold(const char *from, size_t n, bool squeeze, char to[TEXT])
{
    size_t len = 0;
    for (size_t i = 0; i < n && len < TEXT - 1; i++) {
        const unsigned char c = (unsigned char)from[i];
        if (!squeeze || c >= 0x80 || isalnum(c)) to[len++] = (char)tolower(c);
    }
    to[len] = '\0';
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

static bool listed(const char *s)
{
    return bsearch(s, guess_common, guess_common_n, sizeof *guess_common, by_text) != NULL;
}

/* In the list, or with marks behind it: password1!! */
static bool common(const char *s)
{
    char   stem[TEXT];
    size_t n = strlen(s);
    if (listed(s)) return true;
    while (n > 0 && !isalnum((unsigned char)s[n - 1])) n--;
    fold(s, n, false, stem);
    return listed(stem);
}

/* aaaaaaaa, abababab, 12341234 */
static bool repeated(const char *s)
{
    const size_t n = strlen(s);
    for (size_t p = 1; p <= PERIOD_MAX && 2 * p <= n; p++) {
        size_t i = p;
        while (i < n && s[i] == s[i - p]) i++;
        if (i == n) return true;
    }
    return false;
}

/* How far s runs along a row, forwards or backwards; 0: it does not begin there. */
static size_t along(const char *s, const char *row, int step)
{
    const char *at = strchr(row, *s);
    size_t      n = 0;
    while (at != NULL && at >= row && *at != '\0' && s[n] == *at) {
        n++;
        at += step;
    }
    return n;
}

/* abcd1234, qwertyui, 87654321: nothing but runs along the alphabet and the rows of keys */
static bool sequence(const char *s)
{
    static const char *const rows[] = { "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl",
                                        "zxcvbnm" };
    while (*s != '\0') {
        size_t best = 0;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            const size_t up = along(s, rows[i], 1), down = along(s, rows[i], -1), far = up > down ? up : down;
            if (far > best) best = far;
        }
        if (best < RUN_MIN) return false;
        s += best;
    }
    return true;
}

/* It holds the word, and what it holds besides would be no password. */
static bool about(const char *s, const char *word)
{
    const size_t n = strlen(word);
    return n >= WORD_MIN && strstr(s, word) != NULL && strlen(s) - n < PASSWD_MIN;
}

static bool about_email(const char *s, const char *email)
{
    char         word[TEXT];
    const size_t local = strcspn(email, "@"), tag = strcspn(email, "@+");
    const char  *host = email[local] == '@' ? email + local + 1 : "";
    const struct {
        const char *at;
        size_t      n;
    } words[] = { { email, strlen(email) }, { email, local }, { email, tag }, { host, strcspn(host, ".") } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        fold(words[i].at, words[i].n, false, word);
        if (about(s, word)) return true;
    }
    return false;
}

static bool about_name(const char *password, const char *name)
{
    char s[TEXT], word[TEXT];
    fold(password, strlen(password), true, s);
    fold(name, strlen(name), true, word);
    return about(s, word);
}

const char *guess_why(const char *password, const struct guess_owner *who)
{
    char s[TEXT];
    fold(password, strlen(password), false, s);
    if (common(s)) return "expected another one: it is among the first that are tried";
    if (repeated(s) || sequence(s)) return "expected more than a repetition or a sequence";
    if (who->email != NULL && about_email(s, who->email)) return "expected anything but the e-mail address";
    if (who->tenant != NULL && about_name(password, who->tenant)) return "expected anything but the company's name";
    if (about(s, "switchhook")) return "expected anything but the name of this program";
    return NULL;
}
