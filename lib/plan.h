/* What a call shall do next, without XML: routing's result. Rendered by fcgi/render.c. */
#ifndef PLAN_H
#define PLAN_H
#include <stdbool.h>
#include <stddef.h>

enum step_kind { STEP_SAY, STEP_DIAL, STEP_HANGUP, STEP_ROOM, STEP_RECORD, STEP_KEYS, STEP_ASK };

enum { PLAN_STEPS = 8 };

/* One step. Which members count depends on the kind; the others are zero. */
struct step {
    enum step_kind kind;
    const char    *text, *voice, *language; /* SAY, ASK */
    const char    *question;             /* ASK: said after text; what is pressed goes to action, also if nothing is */
    const char *to, *caller_id, *record; /* DIAL: E.164 or client:<identity>; record as TwiML's Dial has it, NULL: no */
    const char *also, *call_id; /* DIAL: who rings at the same time, NULL: nobody; what a browser that rings is told */
    const char *action, *recording_url, *leg_url; /* DIAL: absolute URLs of our webhooks; RECORD: recording_url */
    const char *callee_url; /* DIAL: of what a phone hears before it is connected, NULL: nothing */
    const char *room;       /* ROOM: the conference to join, which ends when anybody leaves it */
    const char *digits;     /* KEYS: played as tones */
    unsigned    timeout_s;  /* DIAL: how long it rings */
};

struct plan {
    struct step v[PLAN_STEPS];
    size_t      n;
};

/** One more step, of at most PLAN_STEPS; its members are the caller's to fill. */
struct step *plan_add(struct plan *, enum step_kind);

/** Something is said; nothing for no text. */
void plan_say(struct plan *, const char *text, const char *voice, const char *language);

/** Text and question are said, then a key is waited for six seconds; what was pressed goes to action. */
void plan_ask(struct plan *, const char *text, const char *question, const char *voice, const char *language,
              const char *action);

#endif
