/* Event loop of the hooks pool: kept connections in epoll, libfcgi on those that are readable, one transaction for all
 * who wait.
 *
 *   listener --accept4--> idle --readable, FCGX_Accept_r--> in flight --answered, FCGX_Finish_r--> idle
 *                           '-- peer gone --> closed            (its descriptor is not watched: one request at a time)
 *
 * How libfcgi is driven from epoll: a request structure with ipcFd set and keepConnection true skips its own accept.
 * nginx sends a request whole, so a readable connection does not block; SO_RCVTIMEO bounds a peer that is not nginx. */
#include "hook.h"
#include "hooknote.h"
#include "worker.h"

#include "clock.h"
#include "id.h"
#include "log.h"
#include "sql.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    CONNS = 1024,
    READY = 64,
    PEER_MS = 500,
    LOOK_MS = 5,
    PATIENCE_MS = 20,
    LOCK_FLAGS = O_RDWR | O_CREAT | O_CLOEXEC,
    HEAD = 24,
    HOME_CAP = 64 << 20,
    YIELDS = 4,
    BATCH_CAP = 64 << 20
};

struct conn {
    FCGX_Request fc;
    int          fd;      /* -1: free */
    int64_t      late_ms; /* half a head has come: until when the rest may; 0: no such thing */
};

/* All of the process. The event loop has no other state. */
static struct {
    struct hook_pool pool;
    struct conn     *conns;
    int              epoll, db_fd;
    int64_t          patience_ms; /* until when the first in line may take a connection; 0: nobody waits */
    bool             late;        /* some connection has sent half a head */
    uint32_t         db_events;
} loop;

static char                  database; /* what epoll calls the database's socket */
static volatile sig_atomic_t stopping;

static void on_term(int sig)
{
    (void)sig;
    stopping = 1;
}

/* What to prepare: the statements of this pool alone. */
static const struct db_stmt *const stmts[] = {
    &sql_account_list_stmt,
    &sql_ingest_lock_stmt,
    &sql_ingest_bind_stmt,
    &sql_ingest_browser_stmt,
    &sql_ingest_answer_stmt,
    &sql_ingest_status_stmt,
    &sql_ingest_dial_stmt,
    &sql_ingest_recording_stmt,
    &sql_ingest_callee_stmt,
    &sql_ingest_consent_stmt,
    &sql_ingest_adopt_stmt,
    &sql_ingest_refuse_stmt,
    &sql_ingest_settle_stmt,
    &sql_ingest_event_stmt,
    &sql_ingest_said_stmt,
    &sql_ingest_refusal_stmt,
    NULL,
};

static void watch(int op, int fd, uint32_t events, void *what)
{
    struct epoll_event e = { .events = events, .data.ptr = what };
    if (epoll_ctl(loop.epoll, op, fd, &e) != 0 && op != EPOLL_CTL_DEL)
        LOG(LOG_ERROR, "epoll_ctl", LOG_NUM("op", op), LOG_NUM("errno", errno));
}

/* The database's socket changes when it reconnects, and what it waits for all the time. */
static void watch_database(void)
{
    const int      fd = db_fd(loop.pool.db);
    const short    want = fd < 0 ? 0 : db_events(loop.pool.db);
    const uint32_t events = (want & POLLIN ? (uint32_t)EPOLLIN : 0) | (want & POLLOUT ? (uint32_t)EPOLLOUT : 0);
    if (fd != loop.db_fd) {
        if (loop.db_fd >= 0) watch(EPOLL_CTL_DEL, loop.db_fd, 0, NULL); /* closed descriptors are gone already */
        if (fd >= 0) watch(EPOLL_CTL_ADD, fd, events, &database);
    } else if (fd >= 0 && events != loop.db_events) {
        watch(EPOLL_CTL_MOD, fd, events, &database);
    }
    loop.db_fd = fd;
    loop.db_events = events;
}

/* Sends the answer; the connection waits for its next request, the hook for its next use. */
static void hook_done(struct hook *h)
{
    struct conn *c = h->conn;
    res_send(&h->rs, &c->fc);
    FCGX_Finish_r(&c->fc);
    hook_log(h);
    hook_note(loop.pool.notes, h);
    if (c->fc.ipcFd < 0) c->fd = -1; /* the peer did not want to keep it */
    else watch(EPOLL_CTL_MOD, c->fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, c);
    c->fc.ipcFd = -1;
    hook_give_back(&loop.pool, h);
}

static void serve(struct conn *c)
{
    struct hook *h = hook_take(&loop.pool);
    h->conn = c;
    h->cx.deadline_ms = clock_ms() + HOOKS_BUDGET_MS;
    if (req_read(&h->rq, &c->fc, HOOK_BODY_MAX) != OK) {
        hook_refuse(h, NULL);
        hook_done(h);
        return;
    }
    switch (hook_verify(h, loop.pool.cfg, loop.pool.accounts, hook_first_verdict(&loop.pool))) {
    case HOOK_ANSWERED: hook_done(h); break;
    case HOOK_WAITS: hook_push(&loop.pool.waiting, h); break;
    case HOOK_UNSURE: hook_push(&loop.pool.unsure, h); break;
    }
}

/* Bytes of BEGIN_REQUEST and the head of a record, of which nginx sends more at once; 0: the peer has gone. libfcgi
 * waits for the rest of what it has begun to read, and everybody with it.
 * https://fastcgi-archives.github.io/FastCGI_Specification.html#S3.3 */
static ssize_t begun(const struct conn *c)
{
    char    head[HEAD];
    ssize_t n = recv(c->fd, head, sizeof head, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && errno == EAGAIN ? 1 : n;
}

static void conn_serve(struct conn *c)
{
    c->late_ms = 0;
    c->fc.ipcFd = c->fd;
    c->fc.keepConnection = 1; /* or FCGX_Accept_r would close it first; it is read anew from the request */
    int rc = FCGX_Accept_r(&c->fc);
    if (rc == 0) {
        serve(c);
        return;
    }
    c->fd = -1; /* the peer has gone, and libfcgi closed the connection */
    c->fc.ipcFd = -1;
}

/* The peer sent something, or has gone. Half a head is looked at again a little later, outside epoll, for at most
 * PEER_MS. */
static void conn_ready(struct conn *c, int64_t now)
{
    const ssize_t n = begun(c);
    if (n == HEAD) {
        conn_serve(c);
    } else if (n <= 0 || (c->late_ms != 0 && c->late_ms < now)) {
        (void)close(c->fd);
        c->fd = -1;
        c->late_ms = 0;
    } else {
        if (c->late_ms == 0) c->late_ms = now + PEER_MS;
        loop.late = true;
    }
}

static void look_again(int64_t now)
{
    if (!loop.late) return;
    loop.late = false;
    for (size_t i = 0; i < CONNS; i++)
        if (loop.conns[i].late_ms != 0) conn_ready(&loop.conns[i], now);
}

/* One process of the pool takes all connections as long as it takes them in time: webhooks that wait together then wait
 * in one place (64 clients on two cores: 55 us of PostgreSQL a call, 96 us with two equal processes). The lock falls to
 * another the moment its holder dies. */
static bool first_in_line(void)
{
    static int fd = -1;
    if (fd < 0) fd = open(arena_printf(loop.pool.home, "%s/hooks.first", loop.pool.cfg->state_dir), LOCK_FLAGS, 0600);
    return fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* Somebody knocks. Who is not first in line gives the first PATIENCE_MS to open. */
static void knock(int64_t now)
{
    const struct timeval peer = { .tv_usec = PEER_MS * 1000 };
    struct conn         *c = loop.conns;
    if (loop.patience_ms == 0 && !first_in_line()) {
        loop.patience_ms = now + PATIENCE_MS; /* meanwhile the listener is not watched */
        return;
    }
    loop.patience_ms = 0;
    while (c < loop.conns + CONNS && c->fd >= 0) c++;
    int fd = c == loop.conns + CONNS ? -1 : accept4(LISTEN_FD, NULL, NULL, SOCK_CLOEXEC);
    watch(EPOLL_CTL_MOD, LISTEN_FD, EPOLLIN | EPOLLONESHOT, NULL);
    if (fd < 0) return;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &peer, sizeof peer);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &peer, sizeof peer);
    c->fd = fd;
    watch(EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, c);
}

static bool open_all(const struct worker *w)
{
    struct arena *home = arena_new(HOME_CAP);
    loop.conns = arena_alloc(home, CONNS * sizeof *loop.conns);
    loop.db_fd = -1;
    loop.epoll = epoll_create1(EPOLL_CLOEXEC);
    loop.pool = (struct hook_pool){ .cfg = w->cfg,
                                    .home = home,
                                    .keys = w->keys,
                                    .accounts = accounts_new(),
                                    .notes = hook_notes_new(home),
                                    .limit = EVENT_BATCH_MAX,
                                    .done = hook_done };
    loop.pool.cx.arena = arena_new(BATCH_CAP);
    loop.pool.cx.keys = w->keys;
    loop.pool.db = db_open(w->cfg->database_url, "switchhook_ingest", stmts);
    if (loop.epoll < 0 || FCGX_Init() != 0) return false;
    for (size_t i = 0; i < CONNS; i++) {
        loop.conns[i].fd = -1;
        if (FCGX_InitRequest(&loop.conns[i].fc, LISTEN_FD, FCGI_FAIL_ACCEPT_ON_INTR) != 0) return false;
        loop.conns[i].fc.listen_sock = -1; /* accepting is ours: what libfcgi accepted would not be watched */
    }
    return true;
}

/* One round of what is ready. */
static void serve_ready(const sigset_t *open_signals, int wait_ms)
{
    struct epoll_event ready[READY];
    int                n = epoll_pwait(loop.epoll, ready, READY, wait_ms, open_signals);
    for (int i = 0; i < n; i++) {
        struct conn *c = ready[i].data.ptr;
        if (c == NULL) knock(clock_ms());
        else if (ready[i].data.ptr == &database && loop.pool.busy == BUSY_NO) db_idle(loop.pool.db);
        else if (c >= loop.conns && c < loop.conns + CONNS) conn_ready(c, clock_ms());
    }
}

/* Right after a large batch was answered its clients are on their way back: let them run before the first one to arrive
 * gets a transaction of its own. After a batch of one nobody is waited for. */
static bool more_to_come(void)
{
    return loop.pool.busy == BUSY_NO && loop.pool.waiting.n > 0 && loop.pool.waiting.n < loop.pool.last / 2;
}

static void step(const sigset_t *open_signals, beat_t *beat)
{
    const bool soon = loop.late || loop.patience_ms != 0;
    const int  wait_ms = hook_wait_ms(&loop.pool);
    serve_ready(open_signals, soon && (wait_ms < 0 || wait_ms > LOOK_MS) ? LOOK_MS : wait_ms);
    atomic_store(beat, clock_ms());
    look_again(clock_ms());
    if (loop.patience_ms != 0 && clock_ms() >= loop.patience_ms) knock(clock_ms());
    for (int i = 0; i < YIELDS && more_to_come(); i++) {
        (void)sched_yield();
        serve_ready(open_signals, 0);
    }
    hook_turn(&loop.pool);
    watch_database();
    atomic_store(beat, 0);
}

int hookloop_run(beat_t *beat, void *arg)
{
    const struct sigaction term = { .sa_handler = on_term }, ignore = { .sa_handler = SIG_IGN };
    sigset_t               block, open_signals;
    (void)sigaction(SIGTERM, &term, NULL);
    (void)sigaction(SIGINT, &ignore, NULL); /* ^C is for the parent */
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigemptyset(&block);
    (void)sigaddset(&block, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &block, &open_signals);
    (void)sigdelset(&open_signals, SIGTERM);
    if (!open_all(arg)) return 1;
    watch(EPOLL_CTL_ADD, LISTEN_FD, EPOLLIN | EPOLLONESHOT, NULL);
    while (!stopping || loop.pool.in_flight > 0 || hook_unwritten(&loop.pool)) {
        step(&open_signals, beat);
        if (stopping) watch(EPOLL_CTL_DEL, LISTEN_FD, 0, NULL);
        loop.pool.stopping = stopping;
    }
    for (size_t i = 0; i < CONNS; i++)
        if (loop.conns[i].fd >= 0) (void)close(loop.conns[i].fd);
    db_close(loop.pool.db);
    accounts_free(loop.pool.accounts);
    hook_notes_free(loop.pool.notes);
    arena_free(loop.pool.cx.arena);
    for (struct hook *h = loop.pool.idle; h != NULL; h = h->next) arena_free(h->arena);
    arena_free(loop.pool.home);
    return 0;
}
