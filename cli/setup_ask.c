/* What setup must know: from the answers, from what is there, or from whoever sits at the terminal. */
#include "setup.h"

#include "ask.h"
#include "check.h"
#include "mail.h"
#include "phone.h"

#include <string.h>

static bool is_origin(const char *s)
{
    const char *host = strstr(s, "://");
    return check_url(s) && host != NULL && strchr(host + 3, '/') == NULL;
}

static bool is_account(const char *s)
{
    return check_sid(s, "AC");
}

static bool is_key(const char *s)
{
    return check_sid(s, "SK");
}

static bool is_phone(const char *s)
{
    struct phone p;
    return phone_parse(s, strlen(s), NULL, &p);
}

static bool is_name(const char *s)
{
    return check_utf8(s, strlen(s)) && strlen(s) <= 200;
}

enum when { ALWAYS, NO_TENANT, NO_ADMIN, NO_ACCOUNT };

/* off: into struct config; of COMPANY and ADMIN_EMAIL into struct setup. after: asked only if that one is answered. */
static const struct question {
    const char    *name, *aliases, *prompt;
    unsigned short off;
    enum when      when;
    bool           required, secret, own;
    bool (*good)(const char *);
    const char *want, *after;
} questions[] = {
    { "PUBLIC_URL", "NEXT_PUBLIC_APP_URL TWILIO_WEBHOOK_URL", "Public address of this machine, https://name",
      offsetof(struct config, public_url), ALWAYS, true, false, false, is_origin, "https://host[:port]", NULL },
    { "COMPANY", NULL, "Name of the company", offsetof(struct setup, company), NO_TENANT, true, false, true, is_name,
      "a name", NULL },
    { "ADMIN_EMAIL", NULL, "E-mail address of the first admin", offsetof(struct setup, email), NO_ADMIN, true, false,
      true, mail_address, "one plain address, user@host", NULL },
    { "TWILIO_ACCOUNT_SID", NULL, "Twilio account SID, AC...", offsetof(struct config, twilio_account_sid), NO_ACCOUNT,
      true, false, false, is_account, "AC and 32 lower-case hex digits", NULL },
    { "TWILIO_AUTH_TOKEN", NULL, "Its auth token", offsetof(struct config, twilio_auth_token), NO_ACCOUNT, true, true,
      false, check_header, "printable ASCII", NULL },
    { "TWILIO_API_KEY_SID", NULL, "API key of that account, SK... (empty: none)",
      offsetof(struct config, twilio_api_key_sid), NO_ACCOUNT, false, false, false, is_key,
      "SK and 32 lower-case hex digits", NULL },
    { "TWILIO_API_KEY_SECRET", NULL, "Its secret", offsetof(struct config, twilio_api_key_secret), NO_ACCOUNT, true,
      true, false, check_header, "printable ASCII", "TWILIO_API_KEY_SID" },
    { "TWILIO_PHONE_NUMBER", NULL, "First phone number of that account (empty: none)",
      offsetof(struct config, twilio_phone_number), NO_ACCOUNT, false, false, false, is_phone, "+<country><number>",
      NULL },
    { "FORWARD_PHONE_NUMBER", NULL, "Phone its calls are forwarded to (empty: none)",
      offsetof(struct config, forward_phone_number), NO_ACCOUNT, false, false, false, is_phone, "+<country><number>",
      "TWILIO_PHONE_NUMBER" },
    { "OPENAI_API_KEY", NULL, "Key for transcription (empty: none)", offsetof(struct config, openai_api_key), ALWAYS,
      false, true, false, check_header, "printable ASCII", NULL },
};
_Static_assert(sizeof questions / sizeof *questions <= 10, "nobody answers more than ten questions");

static const char **slot(struct setup *s, const struct question *q)
{
    return q->own ? (const char **)(void *)((char *)s + q->off) : (const char **)(void *)((char *)&s->c->cfg + q->off);
}

static const char *given(struct setup *s, const struct question *q)
{
    const char *value = env_get(&s->answers, q->name);
    for (const char *a = q->aliases; value == NULL && a != NULL && *a != '\0'; a += strspn(a, " ")) {
        const size_t n = strcspn(a, " ");
        value = env_get(&s->answers, arena_copy(s->c->cx.arena, a, n));
        a += n;
    }
    return value == NULL || *value == '\0' ? NULL : value;
}

static bool due(const struct setup *s, const struct question *q)
{
    switch (q->when) {
    case NO_TENANT: return s->tenant == NULL;
    case NO_ADMIN: return s->email == NULL;
    case NO_ACCOUNT: return !s->account;
    default: return true;
    }
}

static bool answered(struct setup *s, const char *name)
{
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (strcmp(questions[i].name, name) == 0) return *slot(s, &questions[i]) != NULL;
    return false;
}

/* Again until the answer is one. */
static enum err prompt(struct setup *s, const struct question *q, const char **out)
{
    struct cli *c = s->c;
    for (;;) {
        TRY(ask_line(c, arena_printf(c->cx.arena, "%s: ", q->prompt), q->secret, out));
        if (**out == '\0' && !q->required) *out = NULL;
        if (*out == NULL || (**out != '\0' && q->good(*out))) return OK;
        (void)fprintf(stderr, "Expected %s.\n", q->want);
    }
}

/* A trailing slash of an address is what browsers show. */
static const char *trimmed(struct arena *a, const char *value)
{
    size_t n = strlen(value);
    while (n > 1 && value[n - 1] == '/') n--;
    return arena_copy(a, value, n);
}

enum err setup_ask(struct setup *s)
{
    struct ctx *cx = &s->c->cx;
    const bool  can = ask_possible() && command_option(s->c, "answers") == NULL;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const struct question *q = &questions[i];
        const char            *value = given(s, q), **to = slot(s, q);
        if (!due(s, q) || (q->after != NULL && !answered(s, q->after))) continue;
        if (value != NULL) *to = i == 0 ? trimmed(cx->arena, value) : value;
        if (*to == NULL && can) TRY(prompt(s, q, to));
        if (*to == NULL && q->required)
            return ctx_fail(cx, ERR_NOT_CONFIGURED, "%s is missing: name it in the file of --answers", q->name);
        if (*to != NULL && !q->good(*to)) return ctx_fail(cx, ERR_INVALID, "%s: expected %s", q->name, q->want);
    }
    return OK;
}
