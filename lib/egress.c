/* Where requests may go: the registries of special addresses as tables. */
#include "egress.h"

#include "check.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

enum { V4_BITS = 32, V6_BYTES = 16, HOST_BYTES = 256 };

/* clang-format off */
static const struct { uint32_t net; int bits; } v4[] = {
    { 0x00000000,  8 }, { 0x0a000000,  8 }, { 0x64400000, 10 }, { 0x7f000000,  8 }, { 0xa9fe0000, 16 },
    { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 }, { 0xc0586300, 24 }, { 0xc0a80000, 16 },
    { 0xc6120000, 15 }, { 0xc6336400, 24 }, { 0xcb007100, 24 }, { 0xe0000000,  3 },
};
/* Inside 2000::/3, which is all that is routed: */
static const struct { unsigned char net[V6_BYTES]; int bits; } v6[] = {
    { { 0x20, 0x01 }, 23 },             /* Teredo and others */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
    { { 0x20, 0x02 }, 16 },             /* 6to4: carries IPv4 */
    { { 0x3f, 0xff }, 20 },             /* documentation */
};
static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff }, nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
/* clang-format on */

static bool public4(uint32_t a)
{
    for (size_t i = 0; i < sizeof v4 / sizeof *v4; i++)
        if ((a ^ v4[i].net) >> (V4_BITS - v4[i].bits) == 0) return false;
    return true;
}

static bool within(const unsigned char *a, const unsigned char *net, int bits)
{
    const int whole = bits / 8, rest = bits % 8;
    if (memcmp(a, net, (size_t)whole) != 0) return false;
    return rest == 0 || (a[whole] ^ net[whole]) >> (8 - rest) == 0;
}

static uint32_t tail(const unsigned char *a)
{
    return (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15];
}

static bool public6(const unsigned char *a)
{
    if (memcmp(a, mapped, sizeof mapped) == 0 || memcmp(a, nat64, sizeof nat64) == 0) return public4(tail(a));
    if (a[0] >> 5 != 1) return false;
    for (size_t i = 0; i < sizeof v6 / sizeof *v6; i++)
        if (within(a, v6[i].net, v6[i].bits)) return false;
    return true;
}

bool egress_public(const struct sockaddr *to)
{
    struct sockaddr_in  in;
    struct sockaddr_in6 in6;
    if (to->sa_family == AF_INET) {
        memcpy(&in, to, sizeof in);
        return public4(ntohl(in.sin_addr.s_addr));
    }
    if (to->sa_family != AF_INET6) return false;
    memcpy(&in6, to, sizeof in6);
    return public6(in6.sin6_addr.s6_addr);
}

bool egress_public_or_local(const struct sockaddr *to)
{
    struct sockaddr_in in;
    if (egress_public(to)) return true;
    if (to->sa_family != AF_INET) return false;
    memcpy(&in, to, sizeof in);
    return ntohl(in.sin_addr.s_addr) == INADDR_LOOPBACK;
}

/* The host of a URL without brackets and port; NULL: it is too long or broken. */
static const char *host_of(struct arena *a, const char *url)
{
    const char *host = strstr(url, "://") + 3, *end;
    size_t      n = strcspn(host, "/?#");
    if (*host == '[') {
        end = memchr(host, ']', n);
        return end == NULL ? NULL : arena_copy(a, host + 1, (size_t)(end - host - 1));
    }
    end = memchr(host, ':', n);
    if (end != NULL) n = (size_t)(end - host);
    return n == 0 || n >= HOST_BYTES ? NULL : arena_copy(a, host, n);
}

/* getaddrinfo reads every spelling of an address that a connection would: 2130706433, 0177.1, 0x7f.0.0.1 */
static bool near(const char *host, bool (*reach)(const struct sockaddr *))
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
    struct addrinfo      *found = NULL;
    if (getaddrinfo(host, NULL, &hints, &found) != 0) return strchr(host, ':') != NULL; /* else a name */
    bool bad = !reach(found->ai_addr);
    freeaddrinfo(found);
    return bad;
}

enum err egress_url(struct ctx *cx, const char *url, bool local)
{
    const bool plain = strncmp(url, "http://", 7) == 0;
    if (!check_url(url) || (plain && !local)) return ctx_fail(cx, ERR_INVALID, "expected https://host/path");
    const char *host = host_of(cx->arena, url);
    if (host == NULL || near(host, local ? egress_public_or_local : egress_public))
        return ctx_fail(cx, ERR_INVALID, "is not an address of the public internet");
    return OK;
}
