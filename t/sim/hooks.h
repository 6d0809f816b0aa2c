/* The webhooks of calls: which parameters, in which order. */
#pragma once
#include "rec.h"
#include "send.h"

/** The parameters that every request about a call carries, CallStatus as it is at Twilio. */
void        hook_standard(const struct call *c, struct form *f);
/** Call progress: sent if event (one ON_ bit) is subscribed; word is the CallStatus. */
void        hook_progress(struct call *c, unsigned event, const char *word);
/** The StatusCallback of the number, once, at the end of an inbound call. */
void        hook_number_end(struct call *c);
/** A recording's report; event is one REC_ON_ bit. */
void        hook_recording(const struct recording *r, unsigned event);
/** AsyncAmdStatusCallback. */
void        hook_amd(struct call *c, int ms);
/** RecordingUrl of a recording. */
const char *hook_recording_url(const struct recording *r);
/** "initiated ringing answered completed" as a set of ON_, "in-progress completed absent" as REC_ON_; unknown words are
 * nothing. */
unsigned    hook_events(const char *words);
unsigned    hook_rec_events(const char *words);
