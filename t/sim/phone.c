/* How calls begin: phones that ring, answer, are busy; inbound, outbound and redirected calls. */
#include "call.h"

#include "dial.h"
#include "family.h"
#include "hooks.h"
#include "twiml_run.h"

#include <string.h>

enum { SETUP_MS = 200, RING_MS = 400, BUSY_MS = 1000, AMD_MS = 3420 };

static void pick_up(void *arg)
{
    struct call *c = arg;
    c->ring = NULL;
    c->on_answer(c);
}

static void busy(void *arg)
{
    struct call *c = arg;
    bool         declined = strcmp(c->phone->answer, "reject") == 0;
    c->ring = NULL;
    call_end(c, BUSY, declined ? 603 : 486);
}

static void ring(void *arg)
{
    struct call *c = arg;
    const char  *how = c->phone != NULL ? c->phone->answer : "yes";
    c->ring = NULL;
    if (strcmp(how, "fail") == 0) {
        c->error_code = "13224";
        c->error_text = "Invalid phone number";
        call_end(c, FAILED, 404);
        return;
    }
    c->ringing_at = clock_now();
    call_move(c, RINGING);
    hook_progress(c, ON_RINGING, "ringing");
    if (strcmp(how, "yes") == 0 || strcmp(how, "machine") == 0)
        c->ring = clock_in(c->phone != NULL ? c->phone->after_ms : 3000, pick_up, c);
    else if (strcmp(how, "busy") == 0 || strcmp(how, "reject") == 0) c->ring = clock_in(BUSY_MS, busy, c);
}

void call_to_phone(struct call *c, void (*answered)(struct call *c))
{
    c->on_answer = answered;
    call_move(c, INITIATED);
    hook_progress(c, ON_INITIATED, "initiated");
    c->ring = clock_in(RING_MS, ring, c);
}

bool call_take(struct call *c, bool answer)
{
    if (c->status != RINGING || c->on_answer == NULL || c->answered_at >= 0) return false;
    clock_cancel(&c->ring);
    if (answer) c->on_answer(c);
    else call_end(c, BUSY, 603);
    return true;
}

static void tired(void *arg)
{
    struct call *c = arg;
    c->hangup = NULL;
    call_hang_up(c);
}

void call_patience(struct call *c, int64_t ms)
{
    if (c->gives_up_ms > 0) return;
    clock_cancel(&c->hangup);
    if (ms > 0) c->hangup = clock_in(ms, tired, c);
}

void call_inbound(struct call *c)
{
    c->ringing_at = clock_now();
    call_move(c, RINGING);
    if (c->gives_up_ms > 0) c->hangup = clock_in(c->gives_up_ms, tired, c);
    if (c->url != NULL && c->url[0] != '\0') run_url(c, "voice", c->url, c->method, NULL);
    else if (c->twiml != NULL) run_text(c, c->twiml, strlen(c->twiml), NULL);
    else {
        world_alert("11100", c, c->url, "the number has no VoiceUrl");
        call_end(c, FAILED, 404);
    }
}

static void unanswered(void *arg)
{
    struct call *c = arg;
    c->hangup = NULL;
    call_end(c, NO_ANSWER, 487);
}

static void first_document(void *arg)
{
    struct call *c = arg;
    c->step = NULL;
    if (c->url != NULL) run_url(c, "voice", c->url, c->method, NULL);
    else run_text(c, c->twiml, strlen(c->twiml), NULL);
}

static void detected(void *arg)
{
    struct call *c = arg;
    if (!status_final(c->status)) hook_amd(c, AMD_MS);
}

static const char *who_answers(const struct call *c)
{
    bool machine = c->phone != NULL && strcmp(c->phone->answer, "machine") == 0;
    if (!machine) return "human";
    return strcmp(c->amd, "DetectMessageEnd") == 0 ? "machine_end_beep" : "machine_start";
}

static void outbound_answered(struct call *c)
{
    clock_cancel(&c->hangup);
    call_answer(c);
    if (c->gives_up_ms > 0) c->hangup = clock_in(c->gives_up_ms, tired, c);
    if (c->amd != NULL) c->answered_by = who_answers(c);
    if (c->amd != NULL && !c->amd_async) {
        c->step = clock_in(AMD_MS, first_document, c);
        return;
    }
    if (c->amd_async && c->amd_url != NULL) (void)clock_in(AMD_MS, detected, c);
    first_document(c);
}

static void set_up(void *arg)
{
    struct call *c = arg;
    c->ring = NULL;
    if (c->timeout_ms > 0) c->hangup = clock_in(c->timeout_ms + RING_MS, unanswered, c);
    call_to_phone(c, outbound_answered);
}

void call_outbound(struct call *c)
{
    if (c->phone != NULL) {
        c->gives_up_ms = c->phone->hangs_up_after_ms;
        c->presses = c->phone->presses;
        c->says = c->phone->says;
    }
    c->ring = clock_in(SETUP_MS, set_up, c);
}

void call_redirect(struct call *c, const char *url, const char *method, const char *text)
{
    (void)family_enter(c->family);
    clock_cancel(&c->step);
    if (c->dial != NULL) dial_abandon(c->dial);
    if (c->leg_of != NULL) dial_leg_taken(c->leg_of, c);
    if (c->on_gone != NULL) c->on_gone(c);
    if (url != NULL) run_url(c, "voice", url, method, NULL);
    else run_text(c, text, strlen(text), c->doc_url);
}
