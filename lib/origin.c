/* Origins of pages, as browsers send them. */
#include "origin.h"

#include "check.h"

#include <string.h>

enum { ORIGIN_BYTES = 255, PORT_MAX = 65535 };

/* A browser leaves the scheme's own port out: with it nothing would ever match. */
static bool port_valid(const char *port, const char *usual)
{
    int64_t n;
    return port[0] != '0' && strlen(port) <= 5 && check_int(port, 1, PORT_MAX, &n) && strcmp(port, usual) != 0;
}

bool origin_valid(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-.", hex[] = "0123456789abcdef:.";
    const bool        plain = strncmp(s, "http://", 7) == 0;
    const char       *host = plain ? s + 7 : strncmp(s, "https://", 8) == 0 ? s + 8 : NULL;
    if (host == NULL || strlen(s) > ORIGIN_BYTES) return false;
    size_t n = *host == '[' ? 1 + strspn(host + 1, hex) : strspn(host, letters);
    if (*host == '[' && (n == 1 || host[n++] != ']')) return false;
    if (n == 0 || *host == '.' || *host == '-' || (host[n] != '\0' && host[n] != ':')) return false;
    return host[n] == '\0' || port_valid(host + n + 1, plain ? "80" : "443");
}
