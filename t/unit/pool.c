/* fcgi/pool: the parent of the workers. Each test runs a parent of its own; its children say who they are through a
 * pipe. */
#include "../../fcgi/pool.c"

#include "unit.h"

#include <poll.h>

enum { WAIT_MS = 5000 };

static int said[2]; /* children write their process id here */

static void say(void)
{
    const pid_t pid = getpid();
    if (write(said[1], &pid, sizeof pid) != (ssize_t)sizeof pid) exit(2);
}

/* The next child that speaks; 0: none did in time. */
static pid_t next(void)
{
    struct pollfd p = { .fd = said[0], .events = POLLIN };
    pid_t         pid = 0;
    if (poll(&p, 1, WAIT_MS) != 1 || read(said[0], &pid, sizeof pid) != (ssize_t)sizeof pid) return 0;
    return pid;
}

static int dies(beat_t *beat, void *arg)
{
    (void)beat, (void)arg;
    say();
    return 1;
}

static int waits(beat_t *beat, void *arg)
{
    (void)beat, (void)arg;
    say();
    (void)pause(); /* until SIGTERM, whose default is to end */
    return 0;
}

/* Busy for ever, and deaf. */
static int hangs(beat_t *beat, void *arg)
{
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    (void)arg;
    (void)sigaction(SIGTERM, &ignore, NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing may outlive the test */
    atomic_store(beat, clock_ms());
    say();
    for (;;) (void)pause();
    return 0;
}

static pid_t parent(size_t workers, int (*work)(beat_t *, void *))
{
    const struct pool p = { .workers = workers, .hung_ms = 200, .work = work };
    assert_int_equal(pipe2(said, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid != 0) return pid;
    log_setup("error", false);
    (void)dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    exit(pool_run(&p));
}

/* SIGTERM: the parent ends with 0, and every child of the list has gone. */
static void ends(pid_t pid, const pid_t *children, size_t n)
{
    int status = -1;
    (void)kill(pid, SIGTERM);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    for (size_t i = 0; i < n; i++) assert_row(i, kill(children[i], 0) != 0);
    (void)close(said[0]);
    (void)close(said[1]);
}

static void keeps_its_number_of_workers(void **state)
{
    pid_t pid = parent(3, waits), v[4];
    (void)state;
    for (size_t i = 0; i < 3; i++) assert_row(i, (v[i] = next()) > 0);
    (void)kill(v[1], SIGKILL);
    v[3] = next();
    assert_true(v[3] > 0 && v[3] != v[1]);
    ends(pid, v, 4);
}

/* Pauses of 50, 100, 200 and 400 ms lie between five short lives. */
static void never_gives_up_but_pauses_longer(void **state)
{
    pid_t   pid = parent(1, dies), v[5];
    int64_t first = 0;
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        assert_row(i, (v[i] = next()) > 0);
        if (i == 0) first = clock_ms();
    }
    assert_true(clock_ms() - first >= 50 + 100 + 200 + 400);
    ends(pid, v, 5);
}

static void kills_what_hangs(void **state)
{
    pid_t   pid = parent(1, hangs), v[2];
    int64_t began = clock_ms();
    (void)state;
    v[0] = next();
    v[1] = next();
    assert_true(v[0] > 0 && v[1] > 0 && v[0] != v[1]);
    assert_true(clock_ms() - began >= 200);
    (void)kill(pid, SIGKILL); /* asked to stop it would wait for the deaf one */
    (void)waitpid(pid, NULL, 0);
    (void)close(said[0]);
    (void)close(said[1]);
}

static void replaces_all_on_hup_one_by_one(void **state)
{
    pid_t pid = parent(2, waits), v[4];
    (void)state;
    for (size_t i = 0; i < 2; i++) assert_row(i, (v[i] = next()) > 0);
    (void)kill(pid, SIGHUP);
    v[2] = next();
    assert_true(v[2] > 0);
    assert_int_not_equal(kill(v[0], 0) == 0, kill(v[1], 0) == 0); /* the other old one still serves */
    v[3] = next();
    assert_true(v[3] > 0);
    assert_true(kill(v[0], 0) != 0 && kill(v[1], 0) != 0);
    ends(pid, v, 4);
}

static void children_end_with_a_parent_that_is_killed(void **state)
{
    pid_t   pid = parent(2, waits), v[2];
    int64_t end = clock_ms() + WAIT_MS;
    (void)state;
    for (size_t i = 0; i < 2; i++) assert_row(i, (v[i] = next()) > 0);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    (void)close(said[1]);
    /* The last writer of the pipe has gone when it says end of file. */
    struct pollfd p = { .fd = said[0], .events = POLLIN };
    while ((p.revents & POLLHUP) == 0 && clock_ms() < end) (void)poll(&p, 1, 100);
    assert_true((p.revents & POLLHUP) != 0);
    (void)close(said[0]);
}

UNIT_MAIN(UNIT_TEST(keeps_its_number_of_workers), UNIT_TEST(never_gives_up_but_pauses_longer),
          UNIT_TEST(kills_what_hangs), UNIT_TEST(replaces_all_on_hup_one_by_one),
          UNIT_TEST(children_end_with_a_parent_that_is_killed))
