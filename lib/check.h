/* Shapes of what comes from outside: pure questions about text, no allocation, no failure. */
#ifndef CHECK_H
#define CHECK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of the UTF-8 character at s (1 to 4); 0 if the bytes there are none, or at the NUL. */
size_t check_utf8_char(const char *s);

/** Is all of it UTF-8 (RFC 3629: no surrogates, nothing overlong)? */
bool check_utf8(const char *s, size_t n);

/** prefix ("CA", "RE"...) and 32 lower-case hex digits. https://www.twilio.com/docs/glossary/what-is-a-sid */
bool check_sid(const char *s, const char *prefix);

/** + and 7 to 15 digits, the first not 0: E.164. */
bool check_e164(const char *s);

/** 8-4-4-4-12 hex digits. */
bool check_uuid(const char *s);

/** Decimal digits (a leading - where min is negative) within min..max, nothing else. */
bool check_int(const char *s, int64_t min, int64_t max, int64_t *out);

/** Is s one of the words in set, which is written " one two three "? */
bool check_word(const char *s, const char *set);

/** RFC 3339 by its shape: 2026-11-20T10:57:24[.5]Z, or +01:00 for Z. */
bool check_time(const char *s);

/** https:// (or http:// to 127.0.0.1 and localhost), a host, no userinfo, no space or control byte. */
bool check_url(const char *s);

/** Printable ASCII only: fit to be a header's value. */
bool check_header(const char *s);

/** Is it a day of the Gregorian calendar from 1900 to 2199, YYYY-MM-DD? */
bool check_date(const char *);

/** Is it a decimal number of at most 12 digits before and 6 behind the point? */
bool check_money(const char *);

#endif
