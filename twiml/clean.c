/* Any bytes to what XML 1.0 can carry. Most strings are clean already and are not copied. */
#include "clean.h"

#include <libxml/xmlmemory.h>
#include <stdbool.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Bytes that the first one announces; 0: none begins with it. */
static unsigned announced(unsigned char c)
{
    if (c < 0x80) return 1;
    if (c >> 5 == 0x06) return 2;
    if (c >> 4 == 0x0E) return 3;
    return c >> 3 == 0x1E ? 4 : 0;
}

/* https://www.w3.org/TR/xml/#charsets */
static bool carried(unsigned c)
{
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return c < 0xD800 || (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c <= 0x10FFFF);
}

unsigned tw_char(const unsigned char *s, size_t left)
{
    static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 }; /* below: an overlong spelling */
    const unsigned        n = announced(s[0]);
    unsigned              c = n == 1 ? s[0] : s[0] & (0x7Fu >> n);
    if (n > left) return 0;
    for (unsigned i = 1; i < n; i++) {
        if (s[i] >> 6 != 2) return 0; /* also stops at the NUL */
        c = c << 6 | (s[i] & 0x3Fu);
    }
    return n > 0 && c >= least[n] && carried(c) ? n : 0;
}

/* What becomes of the bytes at s: `in` of them are read, `out` written; one character unless out is 0. */
struct piece {
    unsigned in, out;
};

static struct piece piece_at(const unsigned char *s)
{
    const unsigned n = tw_char(s, TW_CHAR_MAX);
    if (n > 0) return (struct piece){ n, n };
    return (struct piece){ 1, *s < 0x20 ? 0 : sizeof REPLACEMENT - 1 };
}

static xmlChar *copy(const unsigned char *s, size_t size)
{
    xmlChar *const out = xmlMallocAtomic(size + 1);
    xmlChar       *to = out;
    if (out == NULL) return NULL;
    for (struct piece p; *s != '\0'; s += p.in, to += p.out) {
        p = piece_at(s);
        memcpy(to, p.in == p.out ? (const char *)s : REPLACEMENT, p.out);
    }
    *to = '\0';
    return out;
}

/* Bytes of ASCII that need no look at more than themselves: nearly all that there are. */
static size_t plain(const unsigned char *s)
{
    size_t n = 0;
    while (s[n] >= 0x20 && s[n] < 0x80) n++;
    return n;
}

enum twiml_status tw_clean(struct clean *out, const char *s, size_t max)
{
    const unsigned char *at = (const unsigned char *)s;
    size_t               chars = plain(at), size = chars;
    bool                 changed = false;
    for (at += chars; *at != '\0' && chars <= max;) {
        const struct piece p = piece_at(at);
        const size_t       run = plain(at + p.in);
        if (p.in != p.out) changed = true;
        chars += (p.out > 0) + run;
        size += p.out + run;
        at += p.in + run;
    }
    if (chars > max) return TWIML_ETOOBIG;
    out->owned = changed ? copy((const unsigned char *)s, size) : NULL;
    out->s = changed ? out->owned : (const xmlChar *)s;
    return out->s == NULL ? TWIML_ENOMEM : TWIML_OK;
}
