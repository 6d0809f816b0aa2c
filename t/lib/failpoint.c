/* Preloaded into a program under test: ends or stops it at a named point, from outside its code.
 *   FAILPOINT=kill:before:job_claim        the statement job_claim is about to be sent
 *   FAILPOINT=kill:after:job_claim         its transaction is committed, and nobody has read that
 *   FAILPOINT=stop:before:rename:.part     a file is about to get a name that ends so; after: it has it
 *   FAILPOINT=kill:before:unlink:.wav      a file whose name ends so is about to be deleted; after: it is gone
 *   FAILPOINT=kill:within:download         the first large piece of a body is half written to its file
 *   FAILPOINT=kill:within:.enc             the same, of a file whose name ends so */
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As libpq declares them: https://www.postgresql.org/docs/15/libpq-exec.html */
struct pg_conn;
struct pg_result;
int PQsendQueryPrepared(struct pg_conn *conn, const char *name, int n, const char *const *v, const int *len,
                        const int *binary, int format);
struct pg_result *PQgetResult(struct pg_conn *conn);
int               PQresultStatus(const struct pg_result *);

enum { PIPELINE_SYNC = 10, LARGE = 1024, PATH = 4096 };

static bool sent; /* the statement of an after: is under way */

/* The function of that name behind ours. */
static void *real(const char *name)
{
    void *f = dlsym(RTLD_NEXT, name);
    if (f == NULL) abort();
    return f;
}

/* What the point asks for behind "kill:" and when; NULL: something else. */
static const char *point(const char *when)
{
    const char  *set = getenv("FAILPOINT"), *rest = set == NULL ? NULL : strchr(set, ':');
    const size_t n = strlen(when);
    return rest != NULL && strncmp(rest + 1, when, n) == 0 && rest[1 + n] == ':' ? rest + 2 + n : NULL;
}

static void reached(void)
{
    const char *set = getenv("FAILPOINT");
    const bool  stop = set != NULL && strncmp(set, "stop:", 5) == 0;
    (void)unsetenv("FAILPOINT"); /* once */
    (void)kill(getpid(), stop ? SIGSTOP : SIGKILL);
}

int PQsendQueryPrepared(struct pg_conn *conn, const char *name, int n, const char *const *v, const int *len,
                        const int *binary, int format)
{
    int (*f)(struct pg_conn *, const char *, int, const char *const *, const int *, const int *, int);
    const char *before = point("before"), *after = point("after");
    *(void **)(void *)&f = real("PQsendQueryPrepared");
    if (before != NULL && strcmp(before, name) == 0) reached();
    if (after != NULL && strcmp(after, name) == 0) sent = true;
    return f(conn, name, n, v, len, binary, format);
}

struct pg_result *PQgetResult(struct pg_conn *conn)
{
    struct pg_result *(*f)(struct pg_conn *);
    *(void **)(void *)&f = real("PQgetResult");
    struct pg_result *r = f(conn);
    if (sent && r != NULL && PQresultStatus(r) == PIPELINE_SYNC) {
        sent = false;
        reached();
    }
    return r;
}

static bool ends(const char *path, const char *end)
{
    const size_t n = strlen(path), k = strlen(end);
    return n >= k && strcmp(path + n - k, end) == 0;
}

/* Is "<word>:<end of the name>" wanted of this path? */
static bool named(const char *word, const char *path, const char *wanted)
{
    const size_t n = strlen(word);
    return wanted != NULL && strncmp(wanted, word, n) == 0 && wanted[n] == ':' && ends(path, wanted + n + 1);
}

int rename(const char *from, const char *to)
{
    int (*f)(const char *, const char *);
    *(void **)(void *)&f = real("rename");
    if (named("rename", to, point("before"))) reached();
    int rc = f(from, to);
    if (named("rename", to, point("after"))) reached();
    return rc;
}

int unlink(const char *path)
{
    int (*f)(const char *);
    *(void **)(void *)&f = real("unlink");
    if (named("unlink", path, point("before"))) reached();
    int rc = f(path);
    if (named("unlink", path, point("after"))) reached();
    return rc;
}

/* Is something large to happen within this file? */
static bool within(FILE *to)
{
    const char *wanted = point("within");
    char        fd[32], path[PATH];
    if (wanted == NULL || strcmp(wanted, "download") == 0) return wanted != NULL;
    (void)snprintf(fd, sizeof fd, "/proc/self/fd/%d", fileno(to));
    const ssize_t n = readlink(fd, path, sizeof path - 1);
    if (n < 0) return false;
    path[n] = '\0';
    return ends(path, wanted);
}

size_t fwrite(const void *at, size_t one, size_t n, FILE *to)
{
    size_t (*f)(const void *, size_t, size_t, FILE *);
    *(void **)(void *)&f = real("fwrite");
    if (one * n >= LARGE && within(to)) {
        (void)f(at, one, n / 2, to); /* half of it is there */
        (void)fflush(to);
        reached();
    }
    return f(at, one, n, to);
}
