/* Time. The only module that asks for it. */
#ifndef CLOCK_H
#define CLOCK_H
#include "arena.h"

#include <stdint.h>

enum { CLOCK_TEXT = 25 }; /* an RFC 3339 date and its NUL */

/** Milliseconds of CLOCK_MONOTONIC: for deadlines, never for dates. */
int64_t clock_ms(void);

/** Microseconds of CLOCK_MONOTONIC: for the durations in a log line. */
int64_t clock_us(void);

/** Milliseconds since 1970-01-01T00:00:00Z by the wall clock: for dates, never for deadlines. */
int64_t clock_unix_ms(void);

/** That moment as RFC 3339 in UTC with milliseconds: "2026-11-20T10:57:24.123Z". In the arena. */
const char *clock_rfc3339(struct arena *, int64_t unix_ms);

/** The same, where there is no arena. */
void clock_rfc3339_to(char out[CLOCK_TEXT], int64_t unix_ms);

/** Reads an RFC 2822 date as Twilio sends it ("Fri, 20 Nov 2026 10:57:24 +0000") to unix ms; -1 if it is not one.
 *  https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
int64_t clock_rfc2822(const char *);

#endif
