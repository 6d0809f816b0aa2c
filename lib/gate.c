/* The gate before every call that costs money. */
#include "gate.h"

#include "check.h"

#include <string.h>

/* clang-format off */
static const struct {
    const char *word;
    enum err    err;
    const char *why;
} rows[] = {
    { "gate_stopped",     ERR_STOPPED,      "calls are stopped for this tenant" },
    { "gate_destination", ERR_DESTINATION,  "to: this tenant does not call that country" },
    { "gate_premium",     ERR_DESTINATION,  "to: premium and blocked numbers are not called" },
    { "gate_do_not_call", ERR_DO_NOT_CALL,  "to: the number is on a do-not-call list" },
    { "gate_consent",     ERR_CONSENT,      "to: there is no consent to be called" },
    { "gate_hours",       ERR_HOURS,        "to: outside the hours in which people may be called" },
    { "gate_per_second",  ERR_RATE_LIMITED, "as many calls were placed this second as the tenant allows" },
    { "gate_concurrent",  ERR_RATE_LIMITED, "as many calls are running as the tenant allows" },
    { "gate_minutes",     ERR_SPEND_CAP,    "the tenant's minutes of this day are used up" },
    { "gate_money",       ERR_SPEND_CAP,    "the tenant's money of this day is used up" },
};
static const struct {
    const char *word, *sentence;
} spoken[] = {
    { "stopped",     "Calls are stopped at the moment." },
    { "destination", "Calls to that country are not allowed." },
    { "premium",     "Calls to that number are not allowed, for they cost extra." },
    { "do_not_call", "That number is on a list of numbers that are not called." },
    { "consent",     "Calls to that number need its owner's consent." },
    { "hours",       "That number may not be called at this hour." },
    { "per_second",  "Too many calls are being placed. Please try again in a moment." },
    { "concurrent",  "Too many calls are running. Please try again later." },
    { "minutes",     "The minutes of today are used up." },
    { "money",       "The budget of today is used up." },
};
/* clang-format on */

static struct gate look(const char *e164)
{
    struct phone p;
    struct gate  g = { .region = "", .premium = true };
    if (!phone_parse(e164, strlen(e164), NULL, &p)) return g;
    memcpy(g.region, p.region, sizeof g.region);
    g.premium = p.premium;
    return g;
}

/* A look into the plans costs about 50 us and never changes; the numbers that calls are forwarded to are few and come
 * with every call. Of two numbers with one place the later one stays. */
struct gate gate_look(const char *e164)
{
    enum { SEEN = 256, LONGEST = 16 }; /* bytes of E.164: + and 15 digits */
    static struct {
        char        e164[LONGEST + 1];
        struct gate gate;
    } seen[SEEN];
    const size_t n = strlen(e164);
    size_t       place = 0;
    if (n == 0 || n > LONGEST) return look(e164);
    for (const char *c = e164; *c != '\0'; c++) place = place * 31 + (unsigned char)*c;
    place %= SEEN;
    if (strcmp(seen[place].e164, e164) != 0) {
        seen[place].gate = look(e164);
        memcpy(seen[place].e164, e164, n + 1);
    }
    return seen[place].gate;
}

enum err gate_refused(struct ctx *cx, const char *word, const char *about)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].word, word) == 0)
            return ctx_fail(cx, rows[i].err, "%s%s%s", rows[i].why, about == NULL ? "" : ": ",
                            about == NULL ? "" : about);
    return ctx_fail(cx, ERR_INTERNAL, "intent_open: verdict %.40s", word);
}

const char *gate_spoken(const char *word)
{
    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
        if (strcmp(spoken[i].word, word) == 0) return spoken[i].sentence;
    return "This number may not be called at the moment.";
}

enum err gate_agent(struct ctx *cx, const char *e164, const char *countries)
{
    const struct gate g = gate_look(e164);
    if (!g.premium && *g.region != '\0' && check_word(g.region, arena_printf(cx->arena, " %s ", countries))) return OK;
    return ctx_fail(cx, ERR_DESTINATION, "the agent's phone is in a country that this tenant does not call");
}
