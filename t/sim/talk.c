/* Talk: two people speak the lines of their script in turn, then somebody hangs up. */
#include "talk.h"

#include <string.h>

enum { FIRST_MS = 400, GAP_MS = 300, LAST_MS = 800 };

/* clang-format off */
static struct line usual[] = {
    { true,  "Good morning, thanks for calling, how can I help you today?" },
    { false, "Hello, my boiler was serviced last week and it works great." },
    { true,  "That is wonderful to hear. Is there anything else you need?" },
    { false, "Yes, could you quote me for a yearly service plan?" },
    { true,  "Of course. It is one hundred and twenty pounds a year." },
    { false, "That sounds good. Can you send me the details by email?" },
    { true,  "I will send you the quote this afternoon." },
    { false, "Perfect. Please call me back on Friday at ten." },
    { true,  "I'll call you back on Friday at ten." },
    { false, "Thank you so much, you have been very helpful. Goodbye." },
};
static struct line message[] = {
    { false, "Hello, this is Anna Smith. I missed you." },
    { false, "Please call me back about my order when you can. Thank you." },
};
/* clang-format on */

struct script talk_voicemail(const struct call *c)
{
    const struct script *s = c->script.n > 0                              ? &c->script
                             : c->phone != NULL && c->phone->script.n > 0 ? &c->phone->script
                                                                          : NULL;
    return s != NULL ? *s : (struct script){ message, sizeof message / sizeof *message };
}

static struct script chosen(const struct call *parent, const struct call *child)
{
    if (parent->script.n > 0) return parent->script;
    if (child->phone != NULL && child->phone->script.n > 0) return child->phone->script;
    if (parent->phone != NULL && strcmp(parent->direction, "inbound") != 0 && parent->phone->script.n > 0)
        return parent->phone->script;
    return (struct script){ usual, sizeof usual / sizeof *usual };
}

void talk_record(const struct talk *t, struct recording *r, const struct call *side)
{
    for (size_t i = 0; i < t->n; i++) {
        int channel = side == t->parent ? t->v[i].channel : 1 - t->v[i].channel;
        rec_say(r, channel, t->start + t->v[i].at_ms, t->v[i].speech);
    }
}

static void over(void *arg)
{
    struct talk *t = arg;
    t->end = NULL;
    call_hang_up(t->parent->caller_ends ? t->parent : t->child);
}

void talk_start(struct call *parent, struct call *child)
{
    struct script s = chosen(parent, child);
    struct talk  *t = keep(sizeof *t);
    int64_t       at = FIRST_MS;
    *t = (struct talk){
        .parent = parent, .child = child, .start = clock_now(), .v = keep(s.n * sizeof *t->v), .n = s.n
    };
    for (size_t i = 0; i < s.n; i++) {
        const struct speech *speech = speech_of(s.v[i].text, s.v[i].agent ? VOICE_AGENT : VOICE_CUSTOMER);
        t->v[i] = (struct piece){ .channel = s.v[i].agent == parent->agent ? 0 : 1, .at_ms = at, .speech = speech };
        at += speech_ms(speech) + GAP_MS;
    }
    at += LAST_MS;
    if (child->phone != NULL && child->phone->hangs_up_after_ms > 0 && child->phone->hangs_up_after_ms < at)
        at = child->phone->hangs_up_after_ms;
    parent->talk = child->talk = t;
    struct recording *of_parent[] = { parent->rec, parent->live }, *of_child[] = { child->rec, child->live };
    for (size_t i = 0; i < 2; i++) {
        if (of_parent[i] != NULL) talk_record(t, of_parent[i], parent);
        if (of_child[i] != NULL) talk_record(t, of_child[i], child);
    }
    t->end = clock_in(at, over, t);
}

void talk_stop(struct call *parent)
{
    struct talk *t = parent->talk;
    if (t == NULL) return;
    clock_cancel(&t->end);
    t->parent->talk = t->child->talk = NULL;
}
