/* Errors in the shape the path promises: RFC 9457 for the API, the guides' own JSON for their paths. */
#include "problem.h"

#include "buf.h"

#include <string.h>

enum { PROBLEM_MAX = 32 * 1024 }; /* 20 members, each with a name of up to 80 bytes in escapes */

/* error: the sentence a guide prints, which its pages compare; NULL: what happened, in our words. hidden: those words
 * may name what is inside, so they go to the log alone. https://www.rfc-editor.org/rfc/rfc9457 */
/* clang-format off */
static const struct {
    enum err    code;
    bool        hidden;
    const char *error, *cure;
} rows[] = {
    { ERR_MALFORMED,       false, NULL, "Check the request against the API's description." },
    { ERR_INVALID_NUMBER,  false, NULL, "Write numbers as +, country code and number: +442079460958." },
    { ERR_UNAUTHENTICATED, false, NULL,
      "Send Authorization: Bearer <API key>, or log in. switchhook key add makes a key." },
    { ERR_SIGNATURE,       false, "Invalid signature",
      "Twilio signs the exact public address: PUBLIC_URL, the path as entered at Twilio, and the account's auth token "
      "must agree." },
    { ERR_FORBIDDEN,       false, NULL, "This needs a role that your key or user does not have." },
    { ERR_DESTINATION,     false, NULL, "switchhook tenant limits --countries \"GB US\" says where calls may go." },
    { ERR_SPEND_CAP,       false, NULL,
      "The day's limit is reached: wait for midnight, or raise it with switchhook tenant limits." },
    { ERR_DO_NOT_CALL,     false, NULL, "Do not call; GET /api/v1/dnc-entries?number= says who put the number there." },
    { ERR_HOURS,           false, NULL, "Call when it is a decent hour there: the setting calling_hours says when." },
    { ERR_CONSENT,         false, NULL, "Record a consent at /api/v1/consents, or do not call." },
    { ERR_STOPPED,         false, NULL, "switchhook tenant limits --resume lets calls out again." },
    { ERR_ORIGIN,          false, "Unauthorized domain",
      "Allow the page's origin: switchhook origin add, or PUT /api/v1/settings/origins." },
    { ERR_NOT_FOUND,       false, NULL, "Check the path and the id." },
    { ERR_METHOD,          false, NULL, "Use one of the methods in Allow." },
    { ERR_NO_NUMBER,       false, "No phone number assigned to user",
      "Assign a number to the user, or set the tenant's default number." },
    { ERR_NO_NUMBERS,      false, NULL, "Search again, with fewer wishes or in another place." },
    { ERR_BUNDLE,          false, NULL,
      "Have a bundle or an address approved in Twilio's console, then name it or buy again." },
    { ERR_HELD,            false, NULL, "Unassign the number first." },
    { ERR_NOT_CONFIGURED,  false, "Twilio service not initialized",
      "Give the tenant its Twilio account: switchhook tenant add --from-env." },
    { ERR_NOT_OWNED,       false, NULL, "Call from a number of your own: switchhook number add." },
    { ERR_LEGAL_HOLD,      false, NULL, "Lift the legal hold first." },
    { ERR_IDEM_RUNNING,    false, NULL, "Ask again with the same key in a second." },
    { ERR_IDEM_REUSED,     false, NULL, "Take a new Idempotency-Key for another request." },
    { ERR_TOO_LARGE,       false, NULL, "Send less." },
    { ERR_INVALID,         false, NULL, "Correct what is named and send it again." },
    { ERR_RATE_LIMITED,    false, NULL, "Wait for Retry-After seconds." },
    { ERR_INTERNAL,        true,  "Something went wrong here",
      "Give the request_id to the operator: it is in the log." },
    { ERR_UPSTREAM,        false, NULL, "Twilio answered what nobody expects: look at status.twilio.com." },
    { ERR_UPSTREAM_AUTH,   false, "Failed to make call: authentication failed",
      "Check the account SID, the token or API key, and that they belong to the configured region." },
    { ERR_UPSTREAM_REFUSED, false, NULL, "Look the code up at https://www.twilio.com/docs/api/errors." },
    { ERR_UNAVAILABLE,     true,  "The service is not available at the moment", "Try again in a second." },
    { ERR_NOT_MIGRATED,    true,  "The database is not as it must be", "Run switchhook migrate; the log says more." },
    { ERR_TOKEN,           false, "Failed to get token",
      "Give the tenant its Twilio API key and secret once more: switchhook tenant set-twilio." },
    { ERR_PHONE,           false, "Phone system error",
      "The browser phone needs a Twilio API key, its secret and a TwiML App: switchhook tenant set-twilio, then "
      "switchhook twilio app." },
    { ERR_UNKNOWN,         false, NULL, "It may have happened: look before you try again." },
    { ERR_TIMEOUT,         true,  "No answer in time", "Try again; the request_id is in the log." },
    { ERR_CONFLICT,        false, NULL, "Look at what is there, and decide." },
    { ERR_STALE,           false, NULL, "Read it again, and send its ETag as If-Match." },
};
/* clang-format on */

static bool v1(const struct req *rq)
{
    if (rq->route != NULL) return rq->route->shape == SHAPE_V1;
    return rq->path != NULL && (strncmp(rq->path, "/api/v1/", 8) == 0 || strcmp(rq->path, "/api/v1") == 0);
}

static void member(struct buf *b, const char *name, const char *value)
{
    if (value == NULL) return;
    buf_printf(b, ",\"%s\":", name);
    buf_json(b, value);
}

/* What a client's programmer reads first; a code's words with spaces and a capital do. */
static const char *title(struct arena *a, const char *word)
{
    char *t = arena_strdup(a, word);
    for (char *c = t; *c != '\0'; c++)
        if (*c == '_') *c = ' ';
    if (*t >= 'a' && *t <= 'z') *t = (char)(*t - 'a' + 'A');
    return t;
}

static void write_faults(struct buf *b, const struct error_at *at)
{
    const char *comma = ",\"errors\":[";
    for (; at != NULL; at = at->next, comma = ",") {
        buf_printf(b, "%s{\"pointer\":", comma);
        buf_json(b, at->pointer);
        member(b, "code", at->code);
        member(b, "detail", at->detail);
        buf_str(b, at->next == NULL ? "}]" : "}");
    }
}

/* The type names the code alone, the instance this one request: two refusals of the same thing differ in nothing else.
 */
static void write_v1(struct buf *b, const struct ctx *cx, int status, const char *error, const char *cure)
{
    const char *word = error_word(cx->err.code);
    buf_printf(b, "{\"type\":\"urn:switchhook:problem:%s\",\"status\":%d", word, status);
    member(b, "title", title(cx->arena, word));
    member(b, "detail", error);
    member(b, "instance", arena_printf(cx->arena, "urn:switchhook:request:%s", cx->id));
    member(b, "code", word);
    member(b, "hint", cure);
    member(b, "request_id", cx->id);
    write_faults(b, cx->err.at);
    buf_str(b, "}\n");
}

static void write_guide(struct buf *b, const struct ctx *cx, const char *error, const char *cure)
{
    buf_str(b, "{\"success\":false");
    member(b, "error", error);
    member(b, "code", error_word(cx->err.code));
    member(b, "cure", cure);
    member(b, "request_id", cx->id);
    buf_str(b, "}\n");
}

void problem(const struct req *rq, struct res *rs, const char *allow)
{
    struct ctx *cx = rq->ctx;
    struct buf  b = buf_new(cx->arena, PROBLEM_MAX);
    const int   status = error_status(cx->err.code);
    const char *error = cx->err.msg, *cure = cx->err.cure, *head = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code != cx->err.code) continue;
        if (rows[i].error != NULL && (rows[i].hidden || !v1(rq))) error = rows[i].error;
        if (cure == NULL) cure = rows[i].cure;
    }
    if (v1(rq)) write_v1(&b, cx, status, error, cure);
    else write_guide(&b, cx, error, cure);
    if (allow != NULL) head = arena_printf(cx->arena, "Allow: %s\r\n", allow);
    else if (status == 401) head = "WWW-Authenticate: Bearer\r\n";
    else if (status == 429 || status == 503)
        head = arena_printf(cx->arena, "Retry-After: %d\r\n", rq->rate.retry_s > 1 ? (int)rq->rate.retry_s : 1);
    *rs = (struct res){
        .status = status,
        .type = v1(rq) ? "application/problem+json" : "application/json; charset=utf-8",
        .body = b.at,
        .len = b.len,
        .head = head,
    };
}
