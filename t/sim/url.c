/* Webhook URLs: connection overrides in the fragment, what is signed, where it is delivered. */
#include "url.h"

#include "world.h"

#include <libxml/uri.h>
#include <libxml/xmlstring.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static long number_in(const char *text, long min, long max)
{
    long n = strtol(text, NULL, 10);
    return n < min ? min : n > max ? max : n;
}

static void retry_on(struct overrides *o, const char *list, size_t len)
{
    o->on_ct = o->on_rt = o->on_4xx = o->on_5xx = false;
    for (const char *at = list, *end = list + len; at < end;) {
        size_t n = strcspn(at, ",&");
        bool   all = strncmp(at, "all", n) == 0;
        o->on_ct |= all || strncmp(at, "ct", n) == 0;
        o->on_rt |= all || strncmp(at, "rt", n) == 0;
        o->on_4xx |= all || strncmp(at, "4xx", n) == 0;
        o->on_5xx |= all || strncmp(at, "5xx", n) == 0;
        at += n + 1;
    }
}

static struct overrides parse_overrides(const char *fragment)
{
    struct overrides o = { .ct = 5000, .rt = 15000, .tt = 15000, .rc = 1, .on_ct = true };
    while (fragment != NULL && *fragment != '\0') {
        size_t len = strcspn(fragment, "&");
        if (strncmp(fragment, "ct=", 3) == 0) o.ct = number_in(fragment + 3, 100, 10000);
        else if (strncmp(fragment, "rt=", 3) == 0) o.rt = number_in(fragment + 3, 100, 15000);
        else if (strncmp(fragment, "tt=", 3) == 0) o.tt = number_in(fragment + 3, 100, 15000);
        else if (strncmp(fragment, "rc=", 3) == 0) o.rc = (int)number_in(fragment + 3, 0, 5);
        else if (strncmp(fragment, "rp=", 3) == 0) retry_on(&o, fragment + 3, len - 3);
        fragment += len + (fragment[len] == '&');
    }
    return o;
}

/* The authority of a URL: from after "//" (and user:password@) to the path. */
static const char *authority(const char *url, size_t *len)
{
    const char *at = strstr(url, "://");
    if (at == NULL) return NULL;
    at += 3;
    size_t      n = strcspn(at, "/?#");
    const char *user = memrchr(at, '@', n);
    if (user != NULL) {
        n -= (size_t)(user + 1 - at);
        at = user + 1;
    }
    *len = n;
    return at;
}

static const char *to_sign(const char *url, bool voice)
{
    size_t      n = 0;
    const char *host = authority(url, &n);
    if (host == NULL) return keep_str(url);
    bool        https = strncasecmp(url, "https:", 6) == 0;
    const char *port = memchr(host, ':', n);
    size_t      shown = https && voice && port != NULL ? (size_t)(port - host) : n;
    return keep_fmt("%s://%.*s%s", https ? "https" : "http", (int)shown, host, host + n);
}

static bool loopback(const char *url)
{
    size_t      n = 0;
    const char *host = authority(url, &n);
    if (host == NULL) return false;
    const char *port = host[0] == '[' ? memchr(host, ']', n) : memchr(host, ':', n);
    size_t      len = port != NULL ? (size_t)(port - host) + (host[0] == '[') : n;
    if (len == 9 && strncasecmp(host, "localhost", 9) == 0) return true;
    if (len == 5 && strncmp(host, "[::1]", 5) == 0) return true;
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == len;
}

/* The "user:password" of a URL, decoded; NULL if it has none. */
static const char *user_of(const char *url)
{
    size_t      n = 0;
    const char *host = authority(url, &n), *at = strstr(url, "://");
    if (host == NULL || host == at + 3) return NULL;
    char *user = keep_mem(at + 3, (size_t)(host - at) - 4);
    (void)percent_decode(user, strlen(user), false);
    return user;
}

struct target url_target(const char *url, bool voice)
{
    const char   *hash = strchr(url, '#');
    char         *whole = keep_mem(url, hash != NULL ? (size_t)(hash - url) : strlen(url));
    const char   *plain = to_sign(whole, false);
    struct target t = { .signed_url = to_sign(whole, voice),
                        .real_url = plain,
                        .user = user_of(whole),
                        .how = parse_overrides(hash != NULL ? hash + 1 : NULL) };
    for (size_t i = 0; i < world.n_maps; i++) {
        size_t n = strlen(world.maps[i].from), len = 0;
        if (strncmp(plain, world.maps[i].from, n) != 0 || strchr("/?", plain[n]) == NULL) continue;
        const char *host = authority(plain, &len);
        t.host = host != NULL ? keep_mem(host, len) : NULL;
        t.real_url = keep_fmt("%s%s", world.maps[i].to, plain + n);
        break;
    }
    if (!loopback(t.real_url)) t.real_url = NULL;
    return t;
}

const char *url_resolve(const char *base, const char *ref)
{
    if (strstr(ref, "://") != NULL || base == NULL) return keep_str(ref);
    const char *hash = strchr(base, '#');
    char       *plain = keep_mem(base, hash != NULL ? (size_t)(hash - base) : strlen(base));
    if (ref[0] == '\0') return plain;
    xmlChar    *abs = xmlBuildURI((const xmlChar *)ref, (const xmlChar *)plain);
    const char *kept = keep_str(abs != NULL ? (const char *)abs : ref);
    xmlFree(abs);
    return kept;
}

bool url_ok(const char *url)
{
    size_t      n = 0;
    const char *host = url != NULL ? authority(url, &n) : NULL;
    bool        http = host != NULL && (strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0);
    return http && n > 0 && memchr(host, '_', n) == NULL && strpbrk(url, " \r\n\t<>\"") == NULL;
}
