/* Shapes of what comes from outside. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789", hex[] = "0123456789abcdef", any_hex[] = "0123456789abcdefABCDEF";

size_t check_utf8_char(const char *text)
{
    static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char  *s = (const unsigned char *)text;
    size_t                n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    unsigned              c = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    if (n == 0 || s[0] == '\0') return 0;
    for (size_t i = 1; i < n; i++) {
        if (s[i] >> 6 != 2) return 0; /* also stops at the NUL */
        c = c << 6 | (s[i] & 0x3Fu);
    }
    return c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0 : n;
}

bool check_utf8(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t len = s[i] == '\0' ? 1 : check_utf8_char(s + i);
        if (len == 0 || len > n - i) return false;
        i += len;
    }
    return true;
}

bool check_sid(const char *s, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(s, prefix, n) == 0 && strlen(s) == n + 32 && strspn(s + n, hex) == 32;
}

bool check_e164(const char *s)
{
    size_t n = strlen(s);
    return n >= 8 && n <= 16 && s[0] == '+' && s[1] != '0' && strspn(s + 1, digits) == n - 1;
}

bool check_uuid(const char *s)
{
    static const size_t groups[] = { 8, 4, 4, 4, 12 };
    for (size_t i = 0; i < 5; i++) {
        if (strspn(s, any_hex) != groups[i]) return false;
        s += groups[i];
        if (*s++ != (i < 4 ? '-' : '\0')) return false;
    }
    return true;
}

bool check_int(const char *s, int64_t min, int64_t max, int64_t *out)
{
    const char *first = s + (min < 0 && *s == '-');
    size_t      n = strlen(first);
    if (n == 0 || n > 19 || strspn(first, digits) != n) return false;
    errno = 0;
    long long v = strtoll(s, NULL, 10);
    if (errno != 0 || v < min || v > max) return false;
    *out = v;
    return true;
}

bool check_word(const char *s, const char *set)
{
    size_t n = strlen(s);
    if (n == 0 || strchr(s, ' ') != NULL) return false;
    for (const char *in = set; (in = strstr(in, s)) != NULL; in++)
        if (in > set && in[-1] == ' ' && in[n] == ' ') return true;
    return false;
}

bool check_header(const char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7F) return false;
    return true;
}

static bool local_host(const char *host, size_t n)
{
    static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(names[i], host, n) == 0) return true;
    return false;
}

bool check_url(const char *s)
{
    const bool  plain = strncmp(s, "http://", 7) == 0;
    const char *host = plain ? s + 7 : strncmp(s, "https://", 8) == 0 ? s + 8 : NULL;
    if (host == NULL || !check_header(s) || strpbrk(s, " \"<>\\^`{|}") != NULL) return false;
    size_t n = strcspn(host, "/?#"), name = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    if (n == 0 || name == 0 || name > n || memchr(host, '@', n) != NULL) return false;
    return !plain || local_host(host, name);
}

bool check_time(const char *s)
{
    static const char shape[] = "0000-00-00T00:00:00", zone[] = "00:00";
    const size_t      head = sizeof shape - 1;
    const char       *rest = s + head;
    for (size_t i = 0; i < head; i++)
        if (s[i] == '\0' || (shape[i] == '0' ? strchr(digits, s[i]) == NULL : s[i] != shape[i])) return false;
    if (*rest == '.') {
        const size_t n = strspn(rest + 1, digits);
        if (n < 1 || n > 9) return false;
        rest += 1 + n;
    }
    if (strcmp(rest, "Z") == 0) return true;
    if ((*rest != '+' && *rest != '-') || strlen(rest) != sizeof zone) return false;
    return strspn(rest + 1, digits) == 2 && rest[3] == ':' && strspn(rest + 4, digits) == 2;
}

bool check_date(const char *s)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    for (size_t i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9') return false;
    const int  y = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + s[3] - '0';
    const int  m = (s[5] - '0') * 10 + s[6] - '0', d = (s[8] - '0') * 10 + s[9] - '0';
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (s[10] != '\0' || y < 1900 || y > 2199 || m < 1 || m > 12 || d < 1) return false;
    return d <= days[m - 1] + (m == 2 && leap ? 1 : 0);
}

bool check_money(const char *s)
{
    static const char decimals[] = "0123456789";
    s += *s == '-';
    size_t whole = strspn(s, decimals);
    if (whole < 1 || whole > 12) return false;
    if (s[whole] == '\0') return true;
    size_t part = strspn(s + whole + 1, decimals);
    return s[whole] == '.' && part >= 1 && part <= 6 && s[whole + 1 + part] == '\0';
}
