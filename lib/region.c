/* Twilio's hosts. */
#include "region.h"

#include <string.h>

static const struct {
    const char *region, *edge;
} regions[] = {
    { "us1", "ashburn" },   { "us2", "umatilla" }, { "ie1", "dublin" },    { "au1", "sydney" },
    { "de1", "frankfurt" }, { "jp1", "tokyo" },    { "sg1", "singapore" }, { "br1", "sao-paulo" },
};

const char *region_edge(const char *region)
{
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
        if (strcmp(regions[i].region, region) == 0) return regions[i].edge;
    return NULL;
}

static const char *host_of(struct arena *a, const char *region, const char *edge)
{
    if (edge == NULL && (region == NULL || strcmp(region, "us1") == 0)) return "https://api.twilio.com";
    if (edge == NULL) edge = region_edge(region);
    if (edge == NULL) return arena_printf(a, "https://api.%s.twilio.com", region);
    return arena_printf(a, "https://api.%s.%s.twilio.com", edge, region == NULL ? "us1" : region);
}

const char *region_base(struct arena *a, const char *base, const char *region, const char *edge)
{
    if (base == NULL || *base == '\0') return host_of(a, region, edge);
    const char *text = arena_strdup(a, base);
    size_t      n = strlen(text);
    while (n > 0 && text[n - 1] == '/') n--;
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        const char *dead = arena_printf(a, "https://api.%s.twilio.com", regions[i].region);
        if (strlen(dead) == n && strncmp(dead, text, n) == 0) return host_of(a, regions[i].region, NULL);
    }
    return arena_copy(a, text, n);
}

const char *region_of(struct arena *a, const char *base, const char *region)
{
    if (region != NULL || base == NULL) return region;
    const char *end = strstr(base, ".twilio.com");
    for (size_t i = 0; end != NULL && i < sizeof regions / sizeof *regions; i++) {
        const char  *name = arena_printf(a, ".%s", regions[i].region);
        const size_t n = strlen(name);
        if ((size_t)(end - base) > n && strncmp(end - n, name, n) == 0) return regions[i].region;
    }
    return NULL;
}

const char *region_product(struct arena *a, const char *base, const char *product)
{
    static const char api[] = "https://api.", end[] = ".twilio.com";
    const size_t      n = strlen(base), most = sizeof end - 1;
    if (strncmp(base, api, sizeof api - 1) != 0 || n < most || strcmp(base + n - most, end) != 0) return base;
    return arena_printf(a, "https://%s.%s", product, base + sizeof api - 1);
}
