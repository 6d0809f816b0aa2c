/* Twilio's refusals: its code, our row, and what to do about it. */
#include "twilio.h"

#include "limit.h"

#include <stdlib.h>
#include <string.h>

/* https://www.twilio.com/docs/api/errors */
/* clang-format off */
static const struct {
    int64_t     code;
    enum err    err;
    const char *cure;
} rows[] = {
    { 20003, ERR_UPSTREAM_AUTH,
      "Check the account SID, the token or API key, and that they belong to the configured region." },
    { 20005, ERR_UPSTREAM_AUTH, "The Twilio account is not active: look at its console." },
    { 20101, ERR_UPSTREAM_AUTH,
      "Twilio does not take the access token: check TWILIO_API_KEY_SID and its secret, and this machine's clock." },
    { 20404, ERR_NOT_FOUND,     "Check the SID, and that it belongs to this account and region." },
    { 20429, ERR_RATE_LIMITED,  "Too many requests at once: try again in a few seconds." },
    { 20001, ERR_UPSTREAM_REFUSED, "A parameter is not what Twilio expects." },
    { 21201, ERR_INVALID_NUMBER,   "Say who is to be called." },
    { 21205, ERR_UPSTREAM_REFUSED, "Set PUBLIC_URL to an https address that the internet can reach." },
    { 21210, ERR_UPSTREAM_REFUSED, "Use a caller ID that the account owns, or verify it in Twilio's console." },
    { 21211, ERR_INVALID_NUMBER,   "Write the number as +, country code and number." },
    { 21212, ERR_UPSTREAM_REFUSED, "The caller ID is not a usable number: choose another of your numbers." },
    { 21213, ERR_UPSTREAM_REFUSED, "A caller ID is needed: assign a number to the user or set the tenant's default." },
    { 21214, ERR_UPSTREAM_REFUSED, "Twilio cannot reach that number: check it, or call another one." },
    { 21215, ERR_UPSTREAM_REFUSED, "Allow the country under Voice, Settings, Geo permissions in Twilio's console." },
    { 13227, ERR_UPSTREAM_REFUSED, "Allow the country under Voice, Settings, Geo permissions in Twilio's console." },
    { 21216, ERR_UPSTREAM_REFUSED, "Twilio blocks calls to that number; its support can say why." },
    { 21217, ERR_INVALID_NUMBER,   "That is no phone number: check the digits." },
    { 21218, ERR_UPSTREAM_REFUSED, "The TwiML application does not exist: check TWILIO_TWIML_APP_SID." },
    { 21219, ERR_UPSTREAM_REFUSED, "A trial account calls verified numbers only: verify it, or upgrade the account." },
    { 21220, ERR_CONFLICT,         "The call is not in a state in which this can be done." },
    { 21401, ERR_INVALID_NUMBER,   "That is no number Twilio could sell." },
    { 21404, ERR_UPSTREAM_REFUSED, "A trial account has one number: upgrade it, or release the other." },
    { 21421, ERR_INVALID_NUMBER,   "That is no number Twilio could sell." },
    { 21422, ERR_CONFLICT,         "The number is no longer available: search again." },
    { 21452, ERR_NO_NUMBERS,       "No number in that area: try another one." },
    { 21613, ERR_BUNDLE,           "An address is asked for: add it in Twilio's console, then give addressSid." },
    { 21615, ERR_BUNDLE,           "A local address is asked for: add it in Twilio's console, then give addressSid." },
    { 21631, ERR_BUNDLE,           "An address is asked for: add it in Twilio's console, then give addressSid." },
    { 21649, ERR_BUNDLE,           "A regulatory bundle is asked for: have one approved, then give bundleSid." },
    { 21650, ERR_BUNDLE,           "A verified identity document is asked for: upload it in Twilio's console." },
    { 21651, ERR_BUNDLE,           "The address is not the one the bundle names: give that one as addressSid." },
    { 10001, ERR_UPSTREAM_AUTH,    "The Twilio account is suspended: look at its console." },
};
/* clang-format on */

static const char lead[] = "Twilio ";

static enum err by_status(int status)
{
    if (status == 401 || status == 403) return ERR_UPSTREAM_AUTH;
    if (status == 404) return ERR_NOT_FOUND;
    if (status == 429) return ERR_RATE_LIMITED;
    return status >= 500 ? ERR_UNKNOWN : status >= 400 ? ERR_UPSTREAM_REFUSED : ERR_UPSTREAM;
}

static const char *cure_of(int64_t code, enum err e)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code || (code == 0 && rows[i].err == e)) return rows[i].cure;
    return NULL;
}

/* Its sentence may hold line ends and whatever else: one line, printable. */
static const char *sentence(struct arena *a, const char *text)
{
    char *copy = arena_strdup(a, text);
    for (char *c = copy; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F) *c = ' ';
    return copy;
}

enum err twilio_refused(struct ctx *cx, int status, const char *body, size_t n)
{
    const struct json *doc = NULL;
    struct error       before = cx->err;
    int64_t            code = 0;
    if (json_parse(cx, body, n, JSON_REPLY_MAX, &doc) != OK)
        cx->err = before; /* from the edge it may be HTML, or nothing */
    const char *text = json_text(json_get(doc, "message"));
    if (text == NULL) text = json_text(json_get(doc, "detail"));
    (void)json_int(json_get(doc, "code"), 1, 999999, &code); /* absent: 0 */
    enum err e = by_status(status);
    for (size_t i = 0; status < 500 && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code) e = rows[i].err;
    if (cx->err.code == OK) cx->err.cure = cure_of(code, e);
    return ctx_fail(cx, e, "%s%lld: %.180s", lead, (long long)(code == 0 ? status : code),
                    text == NULL ? "no reason was given" : sentence(cx->arena, text));
}

enum err twilio_refused_again(struct ctx *cx, const int64_t *code, const char *reason)
{
    enum err e = code != NULL && *code < 600 ? by_status((int)*code) : ERR_UPSTREAM_REFUSED;
    for (size_t i = 0; code != NULL && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == *code) e = rows[i].err;
    if (cx->err.code == OK && code != NULL) cx->err.cure = cure_of(*code, e);
    return ctx_fail(cx, e, "%s", reason == NULL ? "Twilio refused the call" : reason);
}

int64_t twilio_refusal(const struct error *e)
{
    size_t n = sizeof lead - 1;
    if (e->code == OK || strncmp(e->msg, lead, n) != 0) return 0;
    return strtoll(e->msg + n, NULL, 10);
}
