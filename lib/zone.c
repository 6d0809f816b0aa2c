/* Which zones a country has: the tables that come with the tz database. */
#include "zone.h"

#include "buf.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024, TABLE_MAX = 64 * 1024, REGIONS = 26 * 26 };

/* One region's zones, as they are found: ,"Europe/London" */
struct region {
    struct buf zones;
    bool       any;
};

static bool code(const char *s)
{
    return s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' && (s[2] == ',' || s[2] == '\t');
}

/* GB,GG,IM,JE<tab>+513030-0000731<tab>Europe/London[<tab>comments]; zone.tab has one code */
static void line(struct arena *a, struct region *all, char *text)
{
    char *place = strchr(text, '\t'), *zone = place == NULL ? NULL : strchr(place + 1, '\t');
    if (text[0] == '#' || zone == NULL) return;
    zone[1 + strcspn(zone + 1, "\t\r\n")] = '\0';
    for (const char *c = text; code(c); c += c[2] == ',' ? 3 : 2) {
        struct region *r = &all[(c[0] - 'A') * 26 + c[1] - 'A'];
        if (!r->any) r->zones = buf_new(a, TABLE_MAX / 16);
        buf_str(&r->zones, r->any ? "," : "");
        buf_json(&r->zones, zone + 1);
        r->any = true;
    }
}

void zone_table(struct ctx *cx, const char *path, const char **out)
{
    static const char *const usual[] = { "/usr/share/zoneinfo/zone1970.tab", "/usr/share/zoneinfo/zone.tab" };
    struct region           *all = arena_alloc(cx->arena, REGIONS * sizeof *all);
    struct buf               b = buf_new(cx->arena, TABLE_MAX);
    char                     text[LINE_MAX_BYTES];
    FILE                    *f = path != NULL ? fopen(path, "r") : fopen(usual[0], "r");
    *out = NULL;
    if (f == NULL && path == NULL) f = fopen(usual[1], "r");
    if (f == NULL) return;
    while (fgets(text, sizeof text, f) != NULL) line(cx->arena, all, text);
    (void)fclose(f); /* only read */
    buf_str(&b, "{");
    for (size_t i = 0; i < REGIONS; i++)
        if (all[i].any)
            buf_printf(&b, "%s\"%c%c\":[%s]", b.len > 1 ? "," : "", 'A' + (int)(i / 26), 'A' + (int)(i % 26),
                       all[i].zones.at);
    buf_str(&b, "}");
    if (b.len > 2 && !b.full) *out = b.at;
}
