/* The parent of the workers: forks them, replaces them, kills those that hang. */
#include "pool.h"

#include "clock.h"
#include "log.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { YOUNG_MS = 1000, PAUSE_MIN_MS = 50, PAUSE_MAX_MS = 1000, TICK_MS = 250, GRACE_MS = 20000, RSS_EVERY_MS = 5000 };

/*   free --spawn--> running --asked--> ending --reap--> free, due now, or later if it died young   */
struct slot {
    pid_t   pid; /* 0: free */
    int64_t born_ms, due_ms, pause_ms;
    int64_t asked_ms; /* SIGTERM was sent; 0: it was not */
    bool    old;      /* SIGHUP came after it was born */
};

struct parent {
    const struct pool *p;
    struct slot       *slots;
    beat_t            *beats;
    int64_t            rss_ms; /* when memory was last looked at */
};

/* In the child. The parent's blocked signals are its own business; ^C and HUP are for the parent. */
static void child(const struct parent *o, beat_t *beat, pid_t parent)
{
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigset_t               none;
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) exit(0); /* it ended before we asked */
    (void)sigaction(SIGHUP, &ignore, NULL);
    (void)sigaction(SIGINT, &ignore, NULL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    exit(o->p->work(beat, o->p->arg));
}

static void spawn(const struct parent *o, struct slot *s, beat_t *beat)
{
    const pid_t parent = getpid();
    atomic_store(beat, 0);
    s->born_ms = clock_ms();
    s->asked_ms = 0;
    s->old = false;
    s->pid = fork();
    if (s->pid == 0) child(o, beat, parent);
    if (s->pid < 0) *s = (struct slot){ .due_ms = clock_ms() + PAUSE_MAX_MS };
}

static void ended(struct slot *s, int status)
{
    int64_t    now = clock_ms(), pause = 0;
    const bool fell = WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
    if (s->asked_ms == 0 && now - s->born_ms < YOUNG_MS) pause = s->pause_ms > 0 ? 2 * s->pause_ms : PAUSE_MIN_MS;
    if (pause > PAUSE_MAX_MS) pause = PAUSE_MAX_MS;
    LOG(fell ? LOG_ERROR : LOG_INFO, "worker ended", LOG_NUM("pid", s->pid),
        LOG_NUM(WIFSIGNALED(status) ? "signal" : "status",
                WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)),
        LOG_NUM("next_ms", pause));
    *s = (struct slot){ .due_ms = now + pause, .pause_ms = pause };
}

static void reap(const struct parent *o)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (size_t i = 0; i < o->p->workers; i++)
            if (o->slots[i].pid == pid) ended(&o->slots[i], status);
}

static void kill_all(const struct parent *o, int sig)
{
    for (size_t i = 0; i < o->p->workers; i++)
        if (o->slots[i].pid > 0) (void)kill(o->slots[i].pid, sig); /* already gone is fine */
}

static size_t alive(const struct parent *o)
{
    size_t n = 0;
    for (size_t i = 0; i < o->p->workers; i++) n += o->slots[i].pid > 0 && o->slots[i].asked_ms == 0;
    return n;
}

static void ask_to_end(struct slot *s, const char *why)
{
    LOG(LOG_INFO, "worker is replaced", LOG_NUM("pid", s->pid), LOG_TEXT("why", why));
    (void)kill(s->pid, SIGTERM);
    s->asked_ms = clock_ms();
}

/* Resident bytes of a process; 0 if it cannot be told. */
static int64_t rss(pid_t pid)
{
    char path[40], text[64] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    int     fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) (void)close(fd);
    const char *second = n > 0 ? strchr(text, ' ') : NULL;
    return second == NULL ? 0 : strtoll(second, NULL, 10) * sysconf(_SC_PAGESIZE);
}

/* Replaces at most one worker a pass, and only while all the others serve. */
static void renew(struct parent *o)
{
    const int64_t now = clock_ms();
    const bool    look = o->p->rss_max > 0 && now - o->rss_ms > RSS_EVERY_MS;
    if (alive(o) < o->p->workers) return;
    if (look) o->rss_ms = now;
    for (size_t i = 0; i < o->p->workers; i++) {
        struct slot *s = &o->slots[i];
        const bool   busy = atomic_load(&o->beats[i]) != 0; /* may end what it is at, unless it has twice as much */
        const bool   fat = look && rss(s->pid) > (busy ? 2 : 1) * o->p->rss_max;
        if (!s->old && !fat) continue;
        ask_to_end(s, fat ? "memory" : "SIGHUP");
        return;
    }
}

/* One pass over the slots: start what is due, kill what hangs. Returns ms until the next pass. */
static int64_t tend(const struct parent *o)
{
    int64_t now = clock_ms(), wait = TICK_MS;
    for (size_t i = 0; i < o->p->workers; i++) {
        struct slot *s = &o->slots[i];
        int64_t      began = atomic_load(&o->beats[i]);
        const bool   hangs =
            s->pid > 0
            && ((began != 0 && now - began > o->p->hung_ms) || (s->asked_ms != 0 && now - s->asked_ms > o->p->hung_ms));
        if (s->pid == 0 && s->due_ms <= now) spawn(o, s, &o->beats[i]);
        else if (s->pid == 0 && s->due_ms - now < wait) wait = s->due_ms - now;
        else if (hangs) (void)kill(s->pid, SIGKILL);
    }
    return wait;
}

static void stop(const struct parent *o)
{
    const struct timespec tick = { .tv_nsec = 20 * 1000000 };
    int64_t               end = clock_ms() + GRACE_MS;
    for (bool any = true; any;) {
        kill_all(o, clock_ms() < end ? SIGTERM : SIGKILL); /* until it is heard */
        (void)nanosleep(&tick, NULL);
        reap(o);
        any = false;
        for (size_t i = 0; i < o->p->workers; i++) any = any || o->slots[i].pid > 0;
    }
}

int pool_run(const struct pool *p)
{
    static const int heard[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP };
    size_t           page = p->workers * sizeof(beat_t);
    struct parent    o = { .p = p, .slots = calloc(p->workers, sizeof *o.slots) };
    sigset_t         wanted;
    o.beats = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (o.slots == NULL || o.beats == MAP_FAILED) abort();
    (void)sigemptyset(&wanted);
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) (void)sigaddset(&wanted, heard[i]);
    (void)sigprocmask(SIG_BLOCK, &wanted, NULL);

    for (int sig = 0; sig != SIGTERM && sig != SIGINT;) {
        int64_t         ms = tend(&o);
        struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
        sig = sigtimedwait(&wanted, NULL, &t);
        for (size_t i = 0; sig == SIGHUP && i < p->workers; i++) o.slots[i].old = true;
        reap(&o);
        renew(&o);
    }
    stop(&o);
    (void)munmap(o.beats, page);
    free(o.slots);
    return 0;
}
