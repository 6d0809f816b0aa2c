/* The verbs of TwiML: a table of names and what they do. */
#include "verbs.h"

#include "hooks.h"
#include "message.h"
#include "speech.h"
#include "url.h"
#include "waitline.h"

#include <stdlib.h>
#include <string.h>

enum { PLAY_MS = 3000, SAY_LOOPS_MAX = 20 };

static int64_t loops(const xmlNode *n)
{
    const char *v = run_attr(n, "loop");
    long        times = v != NULL ? strtol(v, NULL, 10) : 1;
    return times <= 0 || times > SAY_LOOPS_MAX ? SAY_LOOPS_MAX : times;
}

int64_t run_spoken(struct call *c, const xmlNode *n)
{
    const char *name = (const char *)n->name;
    if (strcmp(name, "Pause") == 0) return run_attr_s(n, "length", 1);
    if (strcmp(name, "Play") == 0) {
        const char *digits = run_attr(n, "digits");
        return digits != NULL ? 300 * (int64_t)strlen(digits) : PLAY_MS * loops(n);
    }
    if (strcmp(name, "Say") != 0) return 0;
    const char *text = run_content(n);
    if (text[0] == '\0') return 0;
    call_hears(c, text);
    return (speech_ms(speech_of(text, VOICE_TWILIO)) + 200) * loops(n);
}

static void say(struct call *c, const xmlNode *n)
{
    run_after(c, run_spoken(c, n));
}

static void hangup(struct call *c, const xmlNode *n)
{
    (void)n;
    call_hang_up(c);
}

static void reject(struct call *c, const xmlNode *n)
{
    if (c->status != RINGING) {
        world_alert("13610", c, c->doc_url, "Reject on a call that was answered");
        call_hang_up(c);
        return;
    }
    bool busy = run_attr_is(n, "reason", "busy");
    call_end(c, busy ? BUSY : NO_ANSWER, busy ? 486 : 603);
}

static void redirect(struct call *c, const xmlNode *n)
{
    run_url(c, "redirect", url_resolve(c->doc_url, run_content(n)), run_attr(n, "method"), NULL);
}

static struct rec_report report_of(struct call *c, const xmlNode *n)
{
    const char *events = run_attr(n, "recordingStatusCallbackEvent");
    return (struct rec_report){ .url = run_attr_url(c, n, "recordingStatusCallback"),
                                .method = run_attr(n, "recordingStatusCallbackMethod"),
                                .track = run_attr(n, "track"),
                                .events = events != NULL ? hook_rec_events(events) : REC_ON_COMPLETED };
}

static void start(struct call *c, const xmlNode *n)
{
    for (const xmlNode *k = run_child(n); k != NULL; k = run_sibling(k)) {
        if (strcmp((const char *)k->name, "Recording") != 0 || c->live != NULL) continue;
        struct rec_report report = report_of(c, k);
        c->live = rec_start(c, "StartCallRecordingTwiML", run_attr_is(k, "channels", "dual"), &report);
    }
    run_after(c, 0);
}

static void sms(struct call *c, const xmlNode *n)
{
    const char *to = run_attr(n, "to"), *from = run_attr(n, "from");
    (void)message_send(from != NULL ? from : c->to, to != NULL ? to : c->from, run_content(n),
                       run_attr_url(c, n, "statusCallback"), NULL);
    run_after(c, 0);
}

static void nothing(struct call *c, const xmlNode *n)
{
    (void)n;
    run_after(c, 0);
}

/* clang-format off */
static const struct verb VERBS[] = {
    /* name      answers  run */
    { "Say",     true,    say },
    { "Play",    true,    say },
    { "Pause",   false,   say },
    { "Dial",    false,   dial_run },
    { "Gather",  true,    gather_run },
    { "Record",  true,    record_run },
    { "Redirect",false,   redirect },
    { "Reject",  false,   reject },
    { "Hangup",  true,    hangup },
    { "Enqueue", true,    enqueue_run },
    { "Leave",   true,    leave_run },
    { "Sms",     true,    sms },
    { "Start",   true,    start },
    { "Stop",    true,    nothing },
    { "Connect", true,    nothing },
};
/* clang-format on */

const struct verb *verb_find(const char *name)
{
    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++)
        if (strcmp(VERBS[i].name, name) == 0) return &VERBS[i];
    return NULL;
}
