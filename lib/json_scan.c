/* The grammar of RFC 8259, checked before cJSON sees the text: cJSON accepts a good deal more. */
#include "json_scan.h"

#include "limit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    const char *at, *end, *why;
    int         depth;
};

static bool value(struct scan *);

static bool no(struct scan *s, const char *why)
{
    if (s->why == NULL) s->why = why;
    return false;
}

static void space(struct scan *s)
{
    s->at += strspn(s->at, " \t\r\n"); /* stops at the NUL behind the text */
}

/* The four hex digits of a \u escape; -1 if they are none. */
static int hex4(const char *s)
{
    char digits[5] = { 0 };
    memcpy(digits, s, strnlen(s, 4));
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? (int)strtol(digits, NULL, 16) : -1;
}

static bool escape(struct scan *s)
{
    int unit;
    if (*s->at != 'u')
        return *s->at != '\0' && strchr("\"\\/bfnrt", *s->at) != NULL ? (s->at++, true) : no(s, "bad escape");
    unit = hex4(++s->at);
    if (unit <= 0 || (unit >= 0xDC00 && unit < 0xE000)) return no(s, "bad \\u escape");
    s->at += 4;
    if (unit < 0xD800 || unit >= 0xDC00) return true;
    int low = s->at[0] == '\\' && s->at[1] == 'u' ? hex4(s->at + 2) : -1;
    if (low < 0xDC00 || low >= 0xE000) return no(s, "half a surrogate pair");
    s->at += 6;
    return true;
}

static bool string(struct scan *s)
{
    if (*s->at != '"') return no(s, "expected a string");
    for (s->at++; *s->at != '"';) {
        if (s->at >= s->end) return no(s, "a string is not closed");
        if ((unsigned char)*s->at < 0x20) return no(s, "a control character in a string");
        if (*s->at++ == '\\' && !escape(s)) return false;
    }
    s->at++;
    return true;
}

static bool digits(struct scan *s)
{
    size_t n = strspn(s->at, "0123456789");
    s->at += n;
    return n > 0 ? true : no(s, "expected a digit");
}

static bool number(struct scan *s)
{
    const char *from = s->at;
    s->at += *s->at == '-';
    if (*s->at == '0') s->at++;
    else if (!digits(s)) return false;
    if (*s->at == '.' && (s->at++, !digits(s))) return false;
    if (*s->at == 'e' || *s->at == 'E') {
        s->at++;
        s->at += *s->at == '+' || *s->at == '-';
        if (!digits(s)) return false;
    }
    return s->at - from < 60 && isfinite(strtod(from, NULL)) ? true : no(s, "a number out of range");
}

static bool word(struct scan *s)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(s->at, words[i], n) == 0) return s->at += n, true;
    }
    return no(s, "expected a value");
}

/* Members of an object or elements of an array, from the opening bracket to the closing one. */
static bool list(struct scan *s, bool object)
{
    const char close = object ? '}' : ']';
    if (++s->depth > JSON_DEPTH_MAX) return no(s, "too deep");
    s->at++;
    space(s);
    if (*s->at == close) return s->depth--, s->at++, true;
    for (;;) {
        space(s);
        if (object && !string(s)) return false;
        space(s);
        if (object && *s->at++ != ':') return s->at--, no(s, "expected :");
        if (!value(s)) return false;
        space(s);
        if (*s->at == close) return s->depth--, s->at++, true;
        if (*s->at != ',') return no(s, object ? "expected , or }" : "expected , or ]");
        s->at++;
    }
}

static bool value(struct scan *s)
{
    space(s);
    switch (*s->at) {
    case '{': return list(s, true);
    case '[': return list(s, false);
    case '"': return string(s);
    case '-': return number(s);
    default: return *s->at >= '0' && *s->at <= '9' ? number(s) : word(s);
    }
}

const char *json_scan(const char *s, size_t n, size_t *at)
{
    struct scan scan = { .at = s, .end = s + n };
    bool        ok = value(&scan);
    space(&scan);
    if (ok && scan.at != scan.end) (void)no(&scan, "text after the value");
    *at = (size_t)(scan.at - s);
    return scan.why;
}
