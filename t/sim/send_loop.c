/* libcurl's sockets and timer in the simulator's own loop: cost grows with what happens, not with what is open. */
#include "send_job.h"

#include <sys/epoll.h>

enum { CONNECTIONS_MAX = 200 };

static CURLM  *multi;
static int     watch = -1;
static int64_t wake_ms = -1; /* real; -1: never */

CURLM *send_multi(void)
{
    return multi;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    struct epoll_event e = { .data.fd = fd };
    (void)easy;
    (void)arg;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(watch, EPOLL_CTL_DEL, fd, NULL); /* may be closed already */
        return 0;
    }
    if (what & CURL_POLL_IN) e.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) e.events |= EPOLLOUT;
    if (known != NULL) return epoll_ctl(watch, EPOLL_CTL_MOD, fd, &e) == 0 ? 0 : -1;
    if (epoll_ctl(watch, EPOLL_CTL_ADD, fd, &e) != 0 && epoll_ctl(watch, EPOLL_CTL_MOD, fd, &e) != 0) return -1;
    return (int)curl_multi_assign(multi, fd, &watch);
}

static int on_timer(CURLM *m, long ms, void *arg)
{
    (void)m;
    (void)arg;
    wake_ms = ms < 0 ? -1 : clock_real_ms() + ms;
    return 0;
}

void send_start(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    (void)curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CONNECTIONS_MAX);
    (void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
}

void send_watch(int epoll)
{
    watch = epoll;
}

int send_wait(int max)
{
    if (wake_ms < 0) return max;
    int64_t left = wake_ms - clock_real_ms();
    return left <= 0 ? 0 : left < max ? (int)left : max;
}

static void collect(void)
{
    int left = 0;
    for (CURLMsg *m; (m = curl_multi_info_read(multi, &left)) != NULL;) {
        struct job *j = NULL;
        CURLcode    e = m->data.result;
        if (m->msg != CURLMSG_DONE) continue;
        (void)curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&j);
        job_finished(j, e);
    }
}

void send_run(curl_socket_t fd, uint32_t events)
{
    int running = 0, mask = 0;
    if (events & EPOLLIN) mask |= CURL_CSELECT_IN;
    if (events & EPOLLOUT) mask |= CURL_CSELECT_OUT;
    if (events & (EPOLLERR | EPOLLHUP)) mask |= CURL_CSELECT_ERR;
    if (fd == CURL_SOCKET_TIMEOUT && (wake_ms < 0 || clock_real_ms() < wake_ms)) return;
    if (fd == CURL_SOCKET_TIMEOUT) wake_ms = -1; /* libcurl sets the next one */
    (void)curl_multi_socket_action(multi, fd, mask, &running);
    collect();
}

void send_stop(void)
{
    send_clear();
    (void)curl_multi_cleanup(multi);
    curl_global_cleanup();
}
