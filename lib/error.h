/* Failures: one table of everything that can be reported, and the first failure of a unit of work. */
#ifndef ERROR_H
#define ERROR_H

/* Enum name, HTTP status, stable API code. The enum, the status, the code and the manual's list are expanded from this
 * table. A refusal with a meaning of its own is a row of its own. */
/* clang-format off */
#define ERRORS(X)                                            \
    X(MALFORMED,       400, "bad_request")                   \
    X(INVALID_NUMBER,  400, "invalid_number")                \
    X(UNAUTHENTICATED, 401, "unauthenticated")               \
    X(SIGNATURE,       403, "invalid_signature")             \
    X(FORBIDDEN,       403, "forbidden")                     \
    X(ORIGIN,          403, "unauthorized_domain")           \
    X(DESTINATION,     403, "destination_not_allowed")       \
    X(SPEND_CAP,       403, "spend_cap")                     \
    X(STOPPED,         403, "calling_stopped")               \
    X(DO_NOT_CALL,     403, "do_not_call")                   \
    X(HOURS,           403, "outside_hours")                 \
    X(CONSENT,         403, "consent_missing")               \
    X(NOT_FOUND,       404, "not_found")                     \
    X(METHOD,          405, "method_not_allowed")            \
    X(CONFLICT,        409, "conflict")                      \
    X(NO_NUMBER,       409, "no_number_assigned")            \
    X(NO_NUMBERS,      409, "no_numbers_found")              \
    X(BUNDLE,          409, "bundle_required")               \
    X(HELD,            409, "number_held")                   \
    X(NOT_CONFIGURED,  409, "twilio_not_configured")         \
    X(NOT_OWNED,       409, "number_not_owned")              \
    X(LEGAL_HOLD,      409, "legal_hold")                    \
    X(IDEM_RUNNING,    409, "idempotency_running")           \
    X(STALE,           412, "precondition_failed")           \
    X(TOO_LARGE,       413, "too_large")                     \
    X(INVALID,         422, "invalid")                       \
    X(IDEM_REUSED,     422, "idempotency_key_reused")        \
    X(RATE_LIMITED,    429, "rate_limited")                  \
    X(INTERNAL,        500, "internal")                      \
    X(UPSTREAM,        502, "upstream")                      \
    X(UPSTREAM_AUTH,   502, "twilio_auth_failed")            \
    X(UPSTREAM_REFUSED, 502, "twilio_rejected")              \
    X(UNAVAILABLE,     503, "unavailable")                   \
    X(NOT_MIGRATED,    503, "not_migrated")                  \
    X(TOKEN,           503, "token_unavailable")             \
    X(PHONE,           503, "phone_system")                  \
    X(UNKNOWN,         504, "unknown_outcome")               \
    X(TIMEOUT,         504, "timeout")
/* clang-format on */

enum err {
    OK = 0,
#define X(name, status, code) ERR_##name,
    ERRORS(X)
#undef X
};

/* One thing that is wrong with a request's members: a JSON pointer (RFC 6901), or ?name for a parameter. */
struct error_at {
    const char      *pointer, *code, *detail;
    struct error_at *next;
};

/* The first failure of a unit of work. Untouched while code is OK. */
struct error {
    enum err         code;
    char             msg[240]; /* for the client and the log; never holds secrets */
    const char      *cure; /* what to do about it; lives as long as the unit of work. NULL: what the code alone says */
    struct error_at *at;   /* all that is wrong with the members, in order; NULL: it is not about members */
};

/** Records code and message unless a failure is already recorded; returns the recorded code. */
enum err error_set(struct error *, enum err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** The HTTP status of a code: 200 for OK. */
int error_status(enum err);

/** The API's word for a code: "ok", "not_found"... Static. */
const char *error_word(enum err);

/* Passes a failure on. Only where everything acquired so far belongs to the arena. */
#define TRY(expr)                    \
    do {                             \
        enum err try_ = (expr);      \
        if (try_ != OK) return try_; \
    } while (0)

#define MUST_CHECK __attribute__((warn_unused_result))

#endif
