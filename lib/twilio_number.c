/* Twilio's phone numbers. */
#include "twilio_number.h"

#include "check.h"
#include "twilio_ask.h"

#include <string.h>
#include <strings.h>

enum { PAGES_MAX = 20, QUERY_MAX = 2048, WORDS_MAX = 60 };

static const char *text(const struct json *doc, const char *name)
{
    const char *v = json_text(json_get(doc, name));
    return v == NULL ? "" : v;
}

static enum err get(struct ctx *cx, const struct twilio *t, const char *product, const char *path,
                    const struct buf *query, const struct json **out)
{
    const char *whole = query == NULL || query->len == 0 ? path : arena_printf(cx->arena, "%s?%s", path, query->at);
    return twilio_ask(cx, t, &(const struct twilio_ask){ .product = product, .path = whole }, out);
}

/* {"voice":true,"SMS":false}: the specification has small letters, the wire capitals as well. */
static const char *capabilities(struct ctx *cx, const struct json *doc)
{
    static const char *const words[] = { "voice", "sms", "mms" };
    struct buf               b = buf_new(cx->arena, WORDS_MAX);
    buf_str(&b, "");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (const struct json *m = json_first(json_get(doc, "capabilities")); m != NULL; m = json_next(m))
            if (strcasecmp(json_name(m), words[i]) == 0 && json_bool(m, false))
                buf_printf(&b, "%s%s", b.len > 0 ? " " : "", words[i]);
    return b.at;
}

static enum err read_number(struct ctx *cx, const struct json *doc, enum err broken, struct twilio_number *out)
{
    struct twilio_number n = {
        .sid = text(doc, "sid"),
        .e164 = text(doc, "phone_number"),
        .voice_url = text(doc, "voice_url"),
        .voice_method = text(doc, "voice_method"),
        .fallback_url = text(doc, "voice_fallback_url"),
        .fallback_method = text(doc, "voice_fallback_method"),
        .status_url = text(doc, "status_callback"),
        .status_method = text(doc, "status_callback_method"),
        .application_sid = text(doc, "voice_application_sid"),
        .trunk_sid = text(doc, "trunk_sid"),
        .receive_mode = text(doc, "voice_receive_mode"),
        .capabilities = capabilities(cx, doc),
    };
    if (!check_sid(n.sid, "PN")) return ctx_fail(cx, broken, "Twilio's reply is no phone number");
    *out = n;
    return OK;
}

/* Appends a page; *next: where the following one is, NULL at the end. Only our own account's list is followed. */
static enum err read_page(struct ctx *cx, const struct twilio *t, const struct json *doc, struct twilio_numbers *all,
                          const char **next)
{
    const struct json    *list = json_get(doc, "incoming_phone_numbers");
    const char           *own = arena_printf(cx->arena, "/2010-04-01/Accounts/%s/", t->sid);
    const char           *uri = text(doc, "next_page_uri");
    struct twilio_number *v = arena_alloc(cx->arena, (all->n + json_count(list) + 1) * sizeof *v);
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of numbers");
    if (all->n > 0) memcpy(v, all->v, all->n * sizeof *v);
    all->v = v;
    for (const struct json *n = json_first(list); n != NULL; n = json_next(n))
        TRY(read_number(cx, n, ERR_UPSTREAM, &all->v[all->n++]));
    *next = strncmp(uri, own, strlen(own)) == 0 ? uri + strlen(own) : NULL;
    return OK;
}

enum err twilio_numbers_list(struct ctx *cx, const struct twilio *t, const char *match, struct twilio_numbers *out)
{
    struct buf            query = buf_new(cx->arena, QUERY_MAX);
    struct twilio_numbers all = { 0 };
    twilio_field(&query, "PhoneNumber", match);
    twilio_field(&query, "PageSize", "1000");
    const char *path = arena_printf(cx->arena, "IncomingPhoneNumbers.json?%s", query.at);
    for (int i = 0; path != NULL && i < PAGES_MAX; i++) {
        const struct json *doc;
        TRY(get(cx, t, NULL, path, NULL, &doc));
        TRY(read_page(cx, t, doc, &all, &path));
    }
    *out = all;
    return OK;
}

static void hooks(struct buf *form, const struct twilio_hooks *h)
{
    twilio_field(form, "VoiceUrl", h->voice_url);
    twilio_field(form, "VoiceMethod", "POST");
    twilio_field(form, "VoiceFallbackUrl", h->fallback_url);
    twilio_field(form, "VoiceFallbackMethod", "GET");
    twilio_field(form, "StatusCallback", h->status_url);
    twilio_field(form, "StatusCallbackMethod", "POST");
    twilio_field(form, "BundleSid", h->bundle_sid);
    twilio_field(form, "AddressSid", h->address_sid);
    if (!h->alone) return;
    twilio_field(form, "VoiceApplicationSid", "");
    twilio_field(form, "TrunkSid", "");
}

static enum err tell(struct ctx *cx, const struct twilio *t, const char *path, const char *e164,
                     const struct twilio_hooks *h, struct twilio_number *out)
{
    struct buf         form = buf_new(cx->arena, TWILIO_FORM_MAX);
    const struct json *doc;
    twilio_field(&form, "PhoneNumber", e164);
    hooks(&form, h);
    TRY(twilio_ask(cx, t, &(const struct twilio_ask){ .path = path, .form = &form }, &doc));
    return read_number(cx, doc, ERR_UNKNOWN, out);
}

enum err twilio_number_buy(struct ctx *cx, const struct twilio *t, const char *e164, const struct twilio_hooks *h,
                           struct twilio_number *out)
{
    return tell(cx, t, "IncomingPhoneNumbers.json", e164, h, out);
}

enum err twilio_number_set(struct ctx *cx, const struct twilio *t, const char *number_sid, const struct twilio_hooks *h,
                           struct twilio_number *out)
{
    return tell(cx, t, arena_printf(cx->arena, "IncomingPhoneNumbers/%s.json", number_sid), NULL, h, out);
}

enum err twilio_number_release(struct ctx *cx, const struct twilio *t, const char *number_sid)
{
    const struct json *none;
    const char        *path = arena_printf(cx->arena, "IncomingPhoneNumbers/%s.json", number_sid);
    return twilio_ask(cx, t, &(const struct twilio_ask){ .path = path, .erase = true }, &none);
}

/* Our words, and Twilio's in a path. */
static const char *const types[][2] = {
    { "local", "Local" }, { "mobile", "Mobile" }, { "toll-free", "TollFree" }, { "national", "National" }
};

static const char *path_of(const char *type)
{
    size_t i = 0;
    while (i + 1 < sizeof types / sizeof *types && strcmp(types[i][0], type) != 0) i++;
    return types[i][1];
}

enum err twilio_offers_list(struct ctx *cx, const struct twilio *t, const struct twilio_wish *w,
                            struct twilio_offers *out)
{
    struct buf           query = buf_new(cx->arena, QUERY_MAX);
    const struct json   *doc;
    struct twilio_offers all = { 0 };
    twilio_field(&query, "AreaCode", w->area_code);
    twilio_field(&query, "Contains", w->contains);
    twilio_field(&query, "VoiceEnabled", "true");
    twilio_field(&query, "SmsEnabled", w->sms ? "true" : NULL);
    twilio_field(&query, "MmsEnabled", w->mms ? "true" : NULL);
    twilio_field(&query, "PageSize", arena_printf(cx->arena, "%lld", (long long)w->limit));
    TRY(get(cx, t, NULL, arena_printf(cx->arena, "AvailablePhoneNumbers/%s/%s.json", w->country, path_of(w->type)),
            &query, &doc));
    const struct json *list = json_get(doc, "available_phone_numbers");
    if (list == NULL) return ctx_fail(cx, ERR_UPSTREAM, "Twilio's reply is no list of numbers");
    all.v = arena_alloc(cx->arena, (json_count(list) + 1) * sizeof *all.v);
    for (const struct json *n = json_first(list); n != NULL; n = json_next(n)) {
        const char *address = text(n, "address_requirements");
        if (!check_e164(text(n, "phone_number"))) continue;
        all.v[all.n++] = (struct twilio_offer){ .e164 = text(n, "phone_number"),
                                                .friendly = text(n, "friendly_name"),
                                                .locality = json_text(json_get(n, "locality")),
                                                .region = json_text(json_get(n, "region")),
                                                .capabilities = capabilities(cx, n),
                                                .address = *address == '\0' ? "none" : address };
    }
    *out = all;
    return OK;
}
