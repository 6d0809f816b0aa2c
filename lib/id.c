/* Identifiers from getrandom(): safe after fork, and nothing to seed. */
#include "id.h"

#include "clock.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

void id_bytes(void *out, size_t n)
{
    unsigned char *at = out;
    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno != EINTR) abort(); /* a kernel without getrandom: guessable secrets are no option */
        if (got < 0) continue;
        at += got;
        n -= (size_t)got;
    }
}

void id_uuid7(char out[37])
{
    unsigned char b[16];
    uint64_t      ms = (uint64_t)clock_unix_ms();
    id_bytes(b, sizeof b);
    for (int i = 0; i < 6; i++) b[i] = (unsigned char)(ms >> (40 - 8 * i));
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x70);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    (void)snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                   b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* A byte at or above the last whole multiple of the alphabet's size would favour its first letters: drawn again. */
static const char *draw(struct arena *a, size_t n, const char *alphabet, unsigned size)
{
    char *out = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n;) {
        unsigned char pool[64];
        id_bytes(pool, sizeof pool);
        for (size_t k = 0; k < sizeof pool && i < n; k++)
            if (pool[k] < 256 / size * size) out[i++] = alphabet[pool[k] % size];
    }
    return out;
}

const char *id_random(struct arena *a, size_t n)
{
    return draw(a, n, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 62);
}

const char *id_random_lower(struct arena *a, size_t n)
{
    return draw(a, n, "0123456789abcdefghijklmnopqrstuvwxyz", 36);
}
