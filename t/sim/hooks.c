/* The webhooks of calls: which parameters, in which order. */
#include "hooks.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct place {
    const char *prefix, *city, *state, *zip, *country;
} PLACES[] = {
    { "+1415", "SAN FRANCISCO", "CA", "94105", "US" },
    { "+1212", "NEW YORK",      "NY", "10001", "US" },
    { "+1416", "TORONTO",       "ON", "",      "CA" },
    { "+1",    "",              "",   "",      "US" },
    { "+4420", "London",        "",   "",      "GB" },
    { "+44161","Manchester",    "",   "",      "GB" },
    { "+44",   "",              "",   "",      "GB" },
    { "+3531", "Dublin",        "",   "",      "IE" },
    { "+353",  "",              "",   "",      "IE" },
    { "+49",   "",              "",   "",      "DE" },
    { "+33",   "",              "",   "",      "FR" },
    { "+34",   "",              "",   "",      "ES" },
    { "+351",  "",              "",   "",      "PT" },
    { "+61",   "",              "",   "",      "AU" },
    { "+234",  "",              "",   "",      "NG" },
    { "+",     "",              "",   "",      "" },
};
/* clang-format on */

static void geography(struct form *f, const char *side, const char *alias, const char *address)
{
    const struct place *p = NULL;
    for (size_t i = 0; p == NULL && i < sizeof PLACES / sizeof *PLACES; i++)
        if (strncmp(address, PLACES[i].prefix, strlen(PLACES[i].prefix)) == 0) p = &PLACES[i];
    if (p == NULL) return; /* withheld, SIP, browser */
    const char *const names[] = { "City", "State", "Zip", "Country" }, *const values[] = { p->city, p->state, p->zip,
                                                                                           p->country };
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < 4; i++) {
            char name[32];
            (void)snprintf(name, sizeof name, "%s%s", s == 0 ? side : alias, names[i]);
            form_add(f, name, values[i]);
        }
}

static void common(const struct call *c, struct form *f, const char *word)
{
    form_add(f, "AccountSid", world.who.account);
    form_add(f, "ApiVersion", "2010-04-01");
    if (form_has(&c->extra, "ApplicationSid")) form_add(f, "ApplicationSid", form_get(&c->extra, "ApplicationSid"));
    form_add(f, "CallSid", c->sid);
    form_add(f, "CallStatus", word);
    form_add(f, "Direction", c->direction);
    form_add(f, "From", c->from);
    form_add(f, "Caller", c->from);
    form_add(f, "To", c->to);
    form_add(f, "Called", strncmp(c->from, "client:", 7) == 0 ? "" : c->to);
    if (strncmp(c->from, "client:", 7) != 0) {
        geography(f, "From", "Caller", c->from);
        geography(f, "To", "Called", c->to);
    }
    if (c->parent != NULL) form_add(f, "ParentCallSid", c->parent->sid);
    if (c->caller_name != NULL) form_add(f, "CallerName", c->caller_name);
    if (c->forwarded_from != NULL) {
        form_add(f, "ForwardedFrom", c->forwarded_from);
        form_add(f, "CalledVia", c->forwarded_from);
    }
}

void hook_standard(const struct call *c, struct form *f)
{
    common(c, f, status_word(c->status));
    if (c->answered_by != NULL && !c->amd_async) form_add(f, "AnsweredBy", c->answered_by);
    for (size_t i = 0; i < c->extra.n; i++)
        if (strcmp(c->extra.v[i].name, "ApplicationSid") != 0) form_add(f, c->extra.v[i].name, c->extra.v[i].value);
}

static void ended(const struct call *c, struct form *f)
{
    int64_t s = call_seconds(c);
    form_addf(f, "CallDuration", "%lld", (long long)s);
    form_addf(f, "Duration", "%lld", (long long)(s + 59) / 60);
}

static void event(const struct call *c, struct form *f, int seq)
{
    form_add(f, "Timestamp", clock_rfc2822(call_unix(c, clock_now())));
    form_add(f, "CallbackSource", "call-progress-events");
    form_addf(f, "SequenceNumber", "%d", seq);
}

static void outcome(const struct call *c, struct form *f)
{
    form_addf(f, "SipResponseCode", "%d", c->sip);
    if (c->error_code != NULL) {
        form_add(f, "ErrorCode", c->error_code);
        form_add(f, "ErrorMessage", c->error_text);
    }
    if (c->rec != NULL && c->status == COMPLETED && c->record) {
        form_add(f, "RecordingUrl", hook_recording_url(c->rec));
        form_add(f, "RecordingSid", c->rec->sid);
        form_addf(f, "RecordingDuration", "%lld", (long long)rec_seconds(c->rec));
    }
}

void hook_progress(struct call *c, unsigned which, const char *word)
{
    struct form f = { 0 };
    if (c->progress.url == NULL || (c->progress.events & which) == 0) return;
    common(c, &f, word);
    if (which == ON_COMPLETED && c->parent != NULL) ended(c, &f);
    event(c, &f, c->progress.seq++);
    if (which == ON_COMPLETED && c->parent == NULL) ended(c, &f);
    if (which == ON_COMPLETED) outcome(c, &f);
    else if (which != ON_INITIATED && strncmp(c->to, "+1", 2) == 0) form_add(&f, "StirStatus", "B");
    if (c->answered_by != NULL && which >= ON_ANSWERED) form_add(&f, "AnsweredBy", c->answered_by);
    send_hook(&(struct hook){
        .kind = "status", .url = c->progress.url, .method = c->progress.method, .call = c, .params = f });
}

void hook_number_end(struct call *c)
{
    struct form f = { 0 };
    if (c->own_callback == NULL || c->own_callback[0] == '\0') return;
    common(c, &f, status_word(c->status));
    ended(c, &f);
    event(c, &f, 0);
    send_hook(&(struct hook){
        .kind = "number_status", .url = c->own_callback, .method = c->own_callback_method, .call = c, .params = f });
}

const char *hook_recording_url(const struct recording *r)
{
    return keep_fmt("%s/2010-04-01/Accounts/%s/Recordings/%s", world.base, world.who.account, r->sid);
}

void hook_recording(const struct recording *r, unsigned which)
{
    struct form f = { 0 };
    int64_t     t0 = r->call != NULL ? call_unix(r->call, r->started) : clock_wall_ms();
    if (r->report.url == NULL || r->report.url[0] == '\0' || (r->report.events & which) == 0) return;
    form_add(&f, "AccountSid", world.who.account);
    if (r->conference == NULL) form_add(&f, "CallSid", r->call->sid);
    form_add(&f, "RecordingSid", r->sid);
    form_add(&f, "RecordingUrl", hook_recording_url(r));
    form_add(&f, "RecordingStatus", which == REC_ON_PROGRESS ? "in-progress" : r->status);
    form_add(&f, "RecordingStartTime", clock_rfc2822(t0));
    form_add(&f, "RecordingSource", r->source);
    if (r->conference == NULL) form_add(&f, "RecordingTrack", r->report.track != NULL ? r->report.track : "both");
    form_addf(&f, "RecordingChannels", "%d", r->channels);
    form_add(&f, "ErrorCode", which == REC_ON_ABSENT ? "16101" : "0");
    if (r->conference != NULL) form_add(&f, "ConferenceSid", r->conference);
    if (which != REC_ON_PROGRESS) form_addf(&f, "RecordingDuration", "%lld", (long long)rec_seconds(r));
    send_hook(&(struct hook){
        .kind = "recording", .url = r->report.url, .method = r->report.method, .call = r->call, .params = f });
}

void hook_amd(struct call *c, int ms)
{
    struct form f = { 0 };
    form_add(&f, "AccountSid", world.who.account);
    form_add(&f, "CallSid", c->sid);
    form_add(&f, "AnsweredBy", c->answered_by);
    form_addf(&f, "MachineDetectionDuration", "%d", ms);
    send_hook(&(struct hook){ .kind = "amd", .url = c->amd_url, .method = c->amd_method, .call = c, .params = f });
}

static unsigned words_in(const char *words, const char *const *names, size_t n)
{
    unsigned set = 0;
    while (words != NULL && *words != '\0') {
        size_t len = strcspn(words, " ");
        for (size_t i = 0; i < n; i++)
            if (strlen(names[i]) == len && strncmp(words, names[i], len) == 0) set |= 1u << i;
        words += len + strspn(words + len, " ");
    }
    return set;
}

unsigned hook_events(const char *words)
{
    static const char *const names[] = { "initiated", "ringing", "answered", "completed" };
    return words_in(words, names, 4);
}

unsigned hook_rec_events(const char *words)
{
    static const char *const names[] = { "in-progress", "completed", "absent" };
    return words_in(words, names, 3);
}
