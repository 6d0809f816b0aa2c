/* Time: clock_gettime() and the two date formats of our world. */
#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_clock(clockid_t id, int64_t unit_ns)
{
    struct timespec t;
    (void)clock_gettime(id, &t); /* cannot fail for these clocks */
    return (int64_t)t.tv_sec * (1000000000 / unit_ns) + t.tv_nsec / unit_ns;
}

int64_t clock_ms(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000000);
}

int64_t clock_us(void)
{
    return read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t clock_unix_ms(void)
{
    return read_clock(CLOCK_REALTIME, 1000000);
}

void clock_rfc3339_to(char out[CLOCK_TEXT], int64_t unix_ms)
{
    time_t    s = (time_t)(unix_ms / 1000);
    struct tm tm;
    (void)gmtime_r(&s, &tm);
    size_t n = strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
    (void)snprintf(out + n, CLOCK_TEXT - n, ".%03dZ", (int)(unix_ms % 1000));
}

const char *clock_rfc3339(struct arena *a, int64_t unix_ms)
{
    char text[CLOCK_TEXT];
    clock_rfc3339_to(text, unix_ms);
    return arena_strdup(a, text);
}

int64_t clock_rfc2822(const char *s)
{
    struct tm   tm = { 0 };
    const char *rest = strptime(s, "%a, %d %b %Y %H:%M:%S", &tm);
    if (rest == NULL || (strcmp(rest, " +0000") != 0 && strcmp(rest, " GMT") != 0)) return -1;
    return (int64_t)timegm(&tm) * 1000;
}
