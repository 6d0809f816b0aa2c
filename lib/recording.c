/* A recording's way from Twilio to a file: addresses, redirects, checks, durability. */
#include "recording.h"

#include "check.h"
#include "http.h"
#include "limit.h"
#include "wav.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOPS_MAX = 3, READ_BLOCK = 64 * 1024 };

int64_t recording_patience_s(int64_t attempt)
{
    static const int64_t pauses[] = { 2, 5, 15, 60, 300, 900, 3600 };
    const int64_t        n = sizeof pauses / sizeof *pauses;
    return pauses[attempt < 1 ? 0 : attempt > n ? n - 1 : attempt - 1];
}

/* Length of scheme://host:port. */
static size_t origin(const char *url)
{
    const char *host = strstr(url, "://");
    return host == NULL ? 0 : (size_t)(host - url) + 3 + strcspn(host + 3, "/?#");
}

static bool same_origin(const char *a, const char *b)
{
    return origin(a) == origin(b) && strncasecmp(a, b, origin(a)) == 0;
}

/* Is the host one where Twilio keeps media? https://www.twilio.com/docs/voice/api/recording */
static bool media_host(const char *url)
{
    static const char *const suffixes[] = { ".twilio.com", ".twiliocdn.com", ".amazonaws.com" };
    const char              *host = url + strlen("https://");
    size_t                   n = strcspn(host, ":/?#");
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t len = strlen(suffixes[i]);
        if (n > len && strncasecmp(host + n - len, suffixes[i], len) == 0) return true;
    }
    return false;
}

enum err recording_hop(struct ctx *cx, const char *base, const char *url, const char *location, const char **out)
{
    const char *to = location;
    if (location[0] == '/' && location[1] != '/')
        to = arena_printf(cx->arena, "%.*s%s", (int)origin(url), url, location);
    bool https = strncmp(to, "https://", 8) == 0, local = strncmp(base, "http://", 7) == 0; /* check_url: loopback */
    if (!check_url(to) || !(same_origin(to, base) || (https && media_host(to)) || (local && !https)))
        return ctx_fail(cx, ERR_UPSTREAM_REFUSED, "the recording's redirect leads to a host that is not Twilio's");
    *out = to;
    return OK;
}

static enum err disk(struct ctx *cx, const char *what, const char *path)
{
    return ctx_fail(cx, ERR_INTERNAL, "%s %s: %s", what, path, strerror(errno));
}

static const char *below(struct ctx *cx, const char *dir, const char *path)
{
    return arena_printf(cx->arena, "%s/%s", dir, path);
}

static enum err open_temp(struct ctx *cx, const struct recording_source *s, const char *temp, FILE **out)
{
    const char *folder = below(cx, s->dir, s->tenant), *path = below(cx, s->dir, temp);
    if (mkdir(folder, 0750) != 0 && errno != EEXIST) return disk(cx, "cannot make", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) return disk(cx, "cannot write", path);
    *out = fdopen(fd, "w+b");
    if (*out == NULL) abort(); /* no memory */
    return OK;
}

/* What a status other than 200 and a redirect means. */
static enum err refused(struct ctx *cx, int status)
{
    switch (status) {
    case 401:
    case 403: return ctx_fail(cx, ERR_UPSTREAM_AUTH, "Twilio refused the account or its token (%d)", status);
    case 404:
    case 410: return ctx_fail(cx, ERR_NOT_FOUND, "Twilio has no media of this recording (%d)", status);
    case 429: return ctx_fail(cx, ERR_RATE_LIMITED, "Twilio asks for a pause (429)");
    default: return ctx_fail(cx, ERR_UPSTREAM, "Twilio answered %d", status);
    }
}

/* One address with its redirects; the body lies in f. status: of the last reply. */
static enum err get(struct ctx *cx, const struct recording_source *s, const char *url, FILE *f,
                    struct http_reply *reply)
{
    for (int hop = 0; hop <= HOPS_MAX; hop++) {
        const bool          ours = same_origin(url, s->account->base);
        struct http_request rq = { .method = "GET",
                                   .url = url,
                                   .max = MEDIA_MAX,
                                   .to = f,
                                   .goes_on = s->goes_on,
                                   .goes_on_arg = s->goes_on_arg,
                                   .user = ours ? s->account->user : NULL,
                                   .password = ours ? s->account->password : NULL };
        if (fflush(f) != 0 || ftruncate(fileno(f), 0) != 0) return disk(cx, "cannot empty", s->dir);
        rewind(f);
        TRY(http_send(cx, &rq, reply));
        if (reply->status < 300 || reply->status > 399) return OK;
        TRY(recording_hop(cx, s->account->base, url, reply->location, &url));
    }
    return ctx_fail(cx, ERR_UPSTREAM, "more than %d redirects", HOPS_MAX);
}

static enum err hash(struct ctx *cx, FILE *f, struct recording_file *out)
{
    unsigned char *buf = arena_alloc(cx->arena, READ_BLOCK);
    struct digest *d = digest_begin();
    size_t         n;
    rewind(f);
    for (out->bytes = 0; (n = fread(buf, 1, READ_BLOCK, f)) > 0; out->bytes += (int64_t)n) digest_add(d, buf, n);
    digest_end(d, out->sha256);
    return ferror(f) ? disk(cx, "cannot read", out->temp) : OK;
}

/* A cut or wrong file must not pass for a recording: an error page has no header, a cut one not its samples, and
 * another recording another length. */
static enum err verify(struct ctx *cx, const struct recording_source *s, FILE *f, struct recording_file *out)
{
    struct wav w;
    if (fflush(f) != 0) return disk(cx, "cannot write", out->temp);
    TRY(wav_read(cx, f, &w));
    out->seconds = wav_seconds(&w);
    out->channels = w.channels;
    int64_t off = out->seconds > s->seconds ? out->seconds - s->seconds : s->seconds - out->seconds;
    if (s->seconds >= 0 && off > 2 + s->seconds / 10)
        return ctx_fail(cx, ERR_MALFORMED, "the recording is %lld s long and should be %lld s", (long long)out->seconds,
                        (long long)s->seconds);
    TRY(wav_peaks(cx, f, &w, &out->peaks));
    return hash(cx, f, out);
}

static enum err fetch(struct ctx *cx, const struct recording_source *s, FILE *f, struct recording_file *out)
{
    struct http_reply reply = { .status = 0, .retry_after_s = -1 };
    TRY(get(cx, s, twilio_media_url(cx->arena, s->account, s->sid, 2), f, &reply));
    if (reply.status == 400)
        TRY(get(cx, s, twilio_media_url(cx->arena, s->account, s->sid, 1), f, &reply)); /* there is no second channel */
    out->retry_after_s = reply.retry_after_s;
    return reply.status == 200 ? verify(cx, s, f, out) : refused(cx, reply.status);
}

enum err recording_fetch(struct ctx *cx, const struct recording_source *s, struct recording_file *out)
{
    struct recording_file file = { .retry_after_s = -1 };
    FILE                 *f = NULL;
    file.temp = arena_printf(cx->arena, "%s/.%s.%lld.tmp", s->tenant, s->sid, (long long)s->token);
    file.path = arena_printf(cx->arena, "%s/%s.wav", s->tenant, s->sid);
    TRY(open_temp(cx, s, file.temp, &f));
    enum err e = fetch(cx, s, f, &file);
    if (e == OK && (fflush(f) != 0 || fsync(fileno(f)) != 0)) e = disk(cx, "cannot write", file.temp);
    (void)fclose(f);
    out->retry_after_s = file.retry_after_s;
    if (e == OK) *out = file;
    else recording_drop(cx, s->dir, file.temp);
    return e;
}

enum err recording_keep(struct ctx *cx, const char *dir, const struct recording_file *file)
{
    const char *to = below(cx, dir, file->path);
    const char *folder = arena_copy(cx->arena, to, (size_t)(strrchr(to, '/') - to));
    if (rename(below(cx, dir, file->temp), to) != 0) return disk(cx, "cannot rename to", to);
    int  fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool kept = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) (void)close(fd);
    return kept ? OK : disk(cx, "cannot sync", folder);
}
