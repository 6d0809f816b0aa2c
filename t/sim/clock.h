/* The simulator's time: runs --speed times faster than real, and what is due when. */
#pragma once
#include <stdint.h>

/** Starts simulated time at the real time of day; speed is simulated seconds a real second, at least 1. */
void    clock_start(int speed);
int64_t clock_now(void);     /* simulated ms since clock_start() */
int64_t clock_real_ms(void); /* real monotonic ms, for HTTP timeouts */
int64_t clock_wall_ms(void); /* real time of day, ms since 1970 */
int     clock_speed(void);
void    clock_set_speed(int speed);
void    clock_advance(int64_t ms); /* jumps forward */
int64_t clock_running(void);       /* simulated ms, also while a timer runs */
int64_t clock_frozen(void);        /* the time it stands still at, -1: it runs */
void    clock_freeze(int64_t at);  /* clock_now() stands still at a time; -1: runs on */

/** RFC 2822 in UTC, kept until the world is reset: "Tue, 04 Mar 2025 10:11:00 +0000". */
const char *clock_rfc2822(int64_t unix_ms);
/** RFC 3339 in UTC with ms, kept until the world is reset. */
const char *clock_rfc3339(int64_t unix_ms);

struct timer;
/** Calls fn(arg) once, in ms of simulated time. The handle is valid until then or until cancelled. */
struct timer *clock_in(int64_t ms, void (*fn)(void *arg), void *arg);
/** Cancels and clears a handle; NULL inside is fine. */
void          clock_cancel(struct timer **t);
/** Runs what is due. */
void          clock_run(void);
/** Real ms until something is due, at most max. */
int           clock_wait(int max);
void          clock_clear(void); /* forgets all timers */
struct family;
/** A family waits no more: what was held back for it is due. */
void clock_release(const struct family *f);
