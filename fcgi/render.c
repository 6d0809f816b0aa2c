/* Plans as TwiML: one small function a step kind. */
#include "render.h"

#include "twiml.h"

#include <string.h>

static const char leg_events[] = "initiated ringing answered completed";

static void spoken(struct twiml_node *r, const struct step *s, const char *text)
{
    struct twiml_node *n = twiml_say(r, text, .voice = s->voice);
    if (s->language != NULL)
        (void)twiml_attr(n, "language", s->language); /* a setting: Twilio may know newer ones than we do */
}

static void say(struct twiml_node *r, const struct step *s, bool first)
{
    (void)first;
    spoken(r, s, s->text);
}

/* One key; # is a key like any other. Silence is told as well, for the call goes on behind the action.
 * https://www.twilio.com/docs/voice/twiml/gather#actiononemptyresult */
static void ask(struct twiml_node *r, const struct step *s, bool first)
{
    struct twiml_node *g = twiml_gather(r, .input = "dtmf", .action = s->action, .finish_on_key = "", .num_digits = 1,
                                        .timeout_s = s->timeout_s, .action_on_empty_result = TWIML_YES);
    (void)first;
    spoken(g, s, s->text);
    spoken(g, s, s->question);
}

/* A browser is told which call it is, for its page to show it. https://www.twilio.com/docs/voice/twiml/client */
static void noun(struct twiml_node *d, const struct step *s, const char *to)
{
    static const char client[] = "client:";
    const char       *events = s->leg_url == NULL ? NULL : leg_events;
    if (strncmp(to, client, sizeof client - 1) != 0) {
        (void)twiml_number(d, to, .url = s->callee_url, .status_callback = s->leg_url, .status_callback_event = events);
        return;
    }
    struct twiml_node *c =
        twiml_client(d, NULL, .url = s->callee_url, .status_callback = s->leg_url, .status_callback_event = events);
    (void)twiml_identity(c, to + sizeof client - 1);
    if (s->call_id != NULL) (void)twiml_parameter(c, .name = "callId", .value = s->call_id);
}

/* https://www.twilio.com/docs/voice/twiml/dial; answerOnBridge works only where Dial is the first verb. */
static void dial(struct twiml_node *r, const struct step *s, bool first)
{
    struct twiml_node *d =
        twiml_dial(r, .action = s->action, .caller_id = s->caller_id, .timeout_s = s->timeout_s,
                   .answer_on_bridge = first ? TWIML_YES : TWIML_UNSET, .record = s->record,
                   .recording_status_callback = s->record == NULL ? NULL : s->recording_url,
                   .recording_status_callback_event = s->record == NULL ? NULL : "in-progress completed absent");
    noun(d, s, s->to);
    if (s->also != NULL) noun(d, s, s->also);
}

static void hang_up(struct twiml_node *r, const struct step *s, bool first)
{
    (void)s;
    (void)first;
    (void)twiml_hangup(r);
}

/* Whoever leaves ends it: two talk, and nobody is left behind.
 * https://www.twilio.com/docs/voice/twiml/conference */
static void room(struct twiml_node *r, const struct step *s, bool first)
{
    struct twiml_node *d = twiml_dial(r);
    (void)first;
    (void)twiml_conference(d, s->room, .beep = "false", .end_conference_on_exit = TWIML_YES);
}

/* Both sides of this leg, whatever happens to it, until it ends: https://www.twilio.com/docs/voice/twiml/recording */
static void record(struct twiml_node *r, const struct step *s, bool first)
{
    struct twiml_node *n = twiml_start(r);
    (void)first;
    (void)twiml_recording(n, .channels = "dual", .recording_status_callback = s->recording_url,
                          .recording_status_callback_event = "in-progress completed absent");
}

static void keys(struct twiml_node *r, const struct step *s, bool first)
{
    (void)first;
    (void)twiml_play(r, NULL, .digits = s->digits);
}

static void (*const steps[])(struct twiml_node *, const struct step *, bool first) = {
    [STEP_SAY] = say,       [STEP_DIAL] = dial, [STEP_HANGUP] = hang_up, [STEP_ROOM] = room,
    [STEP_RECORD] = record, [STEP_KEYS] = keys, [STEP_ASK] = ask,
};

static void free_document(void *doc)
{
    twiml_free(doc);
}

enum err render_plan(struct ctx *cx, const struct plan *p, const char **xml, size_t *len)
{
    struct twiml *doc = twiml_new();
    if (doc == NULL) return ctx_fail(cx, ERR_UNAVAILABLE, "out of memory");
    arena_defer(cx->arena, free_document, doc);
    for (size_t i = 0; i < p->n; i++) steps[p->v[i].kind](twiml_response(doc), &p->v[i], i == 0);
    if (twiml_finish(doc, xml, len) != TWIML_OK) return ctx_fail(cx, ERR_INTERNAL, "TwiML: %s", twiml_error(doc));
    return OK;
}
