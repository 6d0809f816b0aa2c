/* The simulator's time: runs --speed times faster than real, and what is due when. */
#include "clock.h"

#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

static int64_t base_real, base_now, frozen = -1; /* while a timer runs, it is exactly the time it was due */
static int     speed = 1;

static int64_t read_clock(clockid_t id)
{
    struct timespec t;
    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_real_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_running(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 - base_real;
    return base_now + us * speed / 1000;
}

int64_t clock_now(void)
{
    return frozen >= 0 ? frozen : clock_running();
}

void clock_start(int wanted)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    base_real = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    base_now = 0;
    speed = wanted;
}

int clock_speed(void)
{
    return speed;
}

void clock_set_speed(int wanted)
{
    int64_t now = clock_running();
    clock_start(wanted);
    base_now = now;
}

void clock_advance(int64_t ms)
{
    base_now += ms;
}

static const char *dated(int64_t unix_ms, const char *fmt)
{
    char      text[64];
    struct tm tm;
    time_t    s = (time_t)(unix_ms / 1000);
    (void)gmtime_r(&s, &tm);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* one of the two formats below */
    (void)strftime(text, sizeof text, fmt, &tm);
#pragma GCC diagnostic pop
    return keep_str(text);
}

const char *clock_rfc2822(int64_t unix_ms)
{
    return dated(unix_ms, "%a, %d %b %Y %H:%M:%S +0000");
}

const char *clock_rfc3339(int64_t unix_ms)
{
    return keep_fmt("%s.%03dZ", dated(unix_ms, "%Y-%m-%dT%H:%M:%S"), (int)(unix_ms % 1000));
}

void clock_freeze(int64_t at)
{
    frozen = at;
}

int64_t clock_frozen(void)
{
    return frozen;
}
