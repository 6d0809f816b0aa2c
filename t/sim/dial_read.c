/* Dial: who is to be rung, and with which caller id. */
#include "dial.h"
#include "hooks.h"
#include "twiml_run.h"

#include <string.h>

bool dial_number(const char *s)
{
    size_t n = s[0] == '+' ? strspn(s + 1, "0123456789") : 0;
    return n >= 7 && n <= 15 && s[1] != '0' && s[n + 1] == '\0';
}

static bool may_show(const struct call *c, const char *id)
{
    return strcmp(id, c->from) == 0 || strcmp(id, c->to) == 0 || world_number(id) != NULL
           || strcmp(id, "+15005550006") == 0 || strncmp(id, "client:", 7) == 0;
}

static void add_noun(struct dial *d, const xmlNode *n, const char *prefix, const char *to)
{
    const char  *events = n != NULL ? run_attr(n, "statusCallbackEvent") : NULL;
    struct noun *x = &d->nouns[d->n++];
    *x = (struct noun){ .to = strncmp(to, prefix, strlen(prefix)) == 0 ? to : keep_fmt("%s%s", prefix, to) };
    if (n == NULL) return;
    x->url = run_attr_url(d->parent, n, "url");
    x->method = run_attr(n, "method");
    x->progress = (struct progress){ .url = run_attr_url(d->parent, n, "statusCallback"),
                                     .method = run_attr(n, "statusCallbackMethod"),
                                     .events = events != NULL ? hook_events(events) : ON_COMPLETED };
}

void dial_read(struct dial *d, const xmlNode *n)
{
    for (const xmlNode *k = run_child(n); k != NULL && d->n < LEGS_MAX; k = run_sibling(k)) {
        const char *name = (const char *)k->name, *text = run_content(k);
        if (strcmp(name, "Number") == 0) add_noun(d, k, "", text);
        else if (strcmp(name, "Sip") == 0) add_noun(d, k, "sip:", text);
        else if (strcmp(name, "Client") == 0) {
            const xmlNode *inner = run_child(k);
            for (; inner != NULL && strcmp((const char *)inner->name, "Identity") != 0;) inner = run_sibling(inner);
            add_noun(d, k, "client:", inner != NULL ? run_content(inner) : text);
        } else world_alert("12200", d->parent, d->parent->doc_url, keep_fmt("schema: %s inside Dial", name));
    }
    if (run_child(n) == NULL && run_content(n)[0] != '\0') add_noun(d, NULL, "", run_content(n));
}

const char *dial_shown(struct call *c, const xmlNode *n)
{
    const char *id = run_attr(n, "callerId");
    if (id == NULL || id[0] == '\0') return c->from;
    if (may_show(c, id)) return id;
    world_alert("13214", c, c->doc_url, keep_fmt("invalid callerId: %s", id));
    return NULL;
}

void dial_outcome(const struct dial *d, struct form *f)
{
    const struct call *leg = d->winner != NULL ? d->winner : d->last_leg;
    form_add(f, "DialCallStatus", d->taken ? "completed" : status_word(leg != NULL ? leg->status : d->last));
    if (leg != NULL) form_add(f, "DialCallSid", leg->sid);
    form_add(f, "DialBridged", d->bridged ? "true" : "false");
    if (d->winner != NULL && !d->taken) form_addf(f, "DialCallDuration", "%lld", (long long)call_seconds(d->winner));
    if (d->rec == NULL) return;
    form_add(f, "RecordingUrl", hook_recording_url(d->rec));
    form_add(f, "RecordingSid", d->rec->sid);
    form_addf(f, "RecordingDuration", "%lld", (long long)rec_seconds(d->rec));
}

void dial_record(struct dial *d, const char *when)
{
    if (d->record == NULL || d->rec != NULL) return;
    bool from_answer = strcmp(d->record, "true") == 0 || strncmp(d->record, "record-from-answer", 18) == 0;
    bool from_ringing = strncmp(d->record, "record-from-ringing", 19) == 0;
    if (!(strcmp(when, "answer") == 0 ? from_answer : from_ringing)) return;
    size_t len = strlen(d->record);
    d->rec = rec_start(d->parent, "DialVerb", len > 5 && strcmp(d->record + len - 5, "-dual") == 0, &d->report);
}

void dial_leg_taken(struct dial *d, struct call *leg)
{
    if (d->over || d->winner != leg || !d->bridged) return;
    leg->leg_of = NULL;
    d->taken = true;
    dial_finish(d);
}
