/* What is said of a recording: words of a client, or of the tenant in another language. The tenant's own are settings.
 */
#include "handlers.h"

#include "check.h"

#include <string.h>

enum { SPOKEN_MAX = 4096, LANGUAGE_MAX = 20, VOICE_MAX = 100 };

struct words {
    const char *client_id, *language, *disclosure, *question, *goodbye, *voice;
};

#define AT(member) offsetof(struct words, member)

/* clang-format off */
static const struct field rows[] = {
    { "client_id",  FIELD_UUID, AT(client_id),  false, 0, 0, NULL },
    { "language",   FIELD_TEXT, AT(language),   false, 2, LANGUAGE_MAX, NULL },
    { "disclosure", FIELD_TEXT, AT(disclosure), true,  1, SPOKEN_MAX, NULL },
    { "question",   FIELD_TEXT, AT(question),   false, 1, SPOKEN_MAX, NULL },
    { "goodbye",    FIELD_TEXT, AT(goodbye),    false, 1, SPOKEN_MAX, NULL },
    { "voice",      FIELD_TEXT, AT(voice),      false, 1, VOICE_MAX, NULL },
};
/* clang-format on */
const struct fields disclosure_in = FIELDS(rows, struct words);

/* BCP 47 as Twilio writes it, en-GB: https://www.twilio.com/docs/voice/twiml/say#attributes-language */
static bool is_language(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t            n = strspn(s, letters);
    if (n < 2 || n > 3) return false;
    for (s += n; *s == '-'; s += n) {
        n = strspn(++s, letters);
        n += strspn(s + n, "0123456789");
        if (n < 2 || n > 8) return false;
    }
    return *s == '\0';
}

static enum err sound(struct req *rq)
{
    const struct words *in = rq->in;
    if (in->language != NULL && !is_language(in->language))
        return field_fault(rq->ctx, ERR_INVALID, "/language", "type", "expected a language such as en-GB");
    if (in->language == NULL && in->client_id == NULL)
        return field_fault(rq->ctx, ERR_INVALID, "/language", "missing",
                           "give a client or a language: the tenant's own words are settings");
    return OK;
}

/* POST /api/v1/disclosures {disclosure, client_id?, language?, question?, goodbye?, voice?} -> 201. 409: there are
 * words of that client in that language. */
enum err disclosures_add(struct req *rq, struct res *rs)
{
    TRY(sound(rq));
    enum err e = nouns_add(rq, rs);
    if (e != ERR_NOT_FOUND) return e;
    ctx_forgive(rq->ctx);
    return field_fault(rq->ctx, ERR_INVALID, "/client_id", "reference", "is unknown");
}

/* PUT /api/v1/disclosures/{id} If-Match? -> 200: what is absent is empty. */
enum err disclosures_set(struct req *rq, struct res *rs)
{
    TRY(sound(rq));
    return nouns_change(rq, rs);
}
