/* Calls: legs, their states, and what each of them is doing. */
#pragma once
#include "world.h"

/*   QUEUED -> INITIATED -> RINGING -> IN_PROGRESS -> COMPLETED
 *                 \___________\______________________> BUSY | FAILED | NO_ANSWER | CANCELED   */
enum status { QUEUED, INITIATED, RINGING, IN_PROGRESS, COMPLETED, BUSY, FAILED, NO_ANSWER, CANCELED };
enum { ON_INITIATED = 1, ON_RINGING = 2, ON_ANSWERED = 4, ON_COMPLETED = 8 };

/** A subscription to call progress; events is a set of ON_. */
struct progress {
    const char *url, *method;
    unsigned    events;
    int         seq;
};

/** Where and about what a recording reports; events is a set of REC_ON_. */
enum { REC_ON_PROGRESS = 1, REC_ON_COMPLETED = 2, REC_ON_ABSENT = 4 };
struct rec_report {
    const char *url, *method, *track;
    unsigned    events;
};

struct dial;
struct talk;

struct call {
    const char     *sid, *from, *to, *direction, *answered_by, *caller_name, *forwarded_from;
    struct call    *parent;
    struct family  *family; /* shared with its legs */
    struct number  *number; /* ours, if one is involved */
    enum status     status;
    int64_t         unix0, now0; /* birth in Unix and in simulated ms: the dates of a call run with its own clock */
    int64_t         ringing_at, answered_at, ended_at; /* simulated ms, -1: not */
    int64_t         updated_at;
    int             sip; /* final SIP response */
    const char     *error_code, *error_text, *price;
    struct progress progress;
    const char     *own_callback, *own_callback_method; /* the number's StatusCallback */
    struct form     extra; /* parameters of browser and SIP calls, in every TwiML request */
    bool            deleted;

    /* the document it runs; replies and timers of an older turn are void */
    const char   *url, *method, *fallback, *fallback_method, *twiml, *doc_url;
    void         *doc, *node; /* xmlDoc, xmlNode */
    unsigned      turn;
    struct timer *step, *ring, *hangup, *limit;
    struct dial  *dial, *leg_of; /* the Dial it runs; the Dial that rang it */
    struct talk  *talk;          /* with its child, while bridged */
    void         *verb;          /* state of a Record, Enqueue or Conference */
    void         *gather;        /* state of a Gather, also one inside a wait */
    const char   *whisper, *whisper_method;
    void (*at_end)(struct call *c);    /* the document is over; NULL: hang up */
    void (*on_answer)(struct call *c); /* its phone picked up */
    void (*on_gone)(struct call *c);   /* it ends while a verb has it */

    /* the person */
    bool          agent; /* else the customer */
    struct phone *phone;
    struct script script;
    const char   *presses, *says; /* not yet used keys and sentences */
    bool          caller_ends;    /* the caller hangs up after the talk, else the called */
    int64_t       gives_up_ms;    /* after this long the caller hangs up, 0: stays */
    const char   *voicemail_end;  /* hangup, a key, or silence */

    /* what REST asked for */
    bool              record, record_dual, amd_async;
    struct rec_report report;
    int64_t           timeout_ms, time_limit_ms;
    const char       *amd, *amd_url, *amd_method, *send_digits;
    struct recording *rec;   /* of the whole leg */
    struct recording *live;  /* started by REST or <Start> while the call runs */
    void             *queue; /* send.c: its webhooks go out one after the other */
};

/** One Calls.create, as the ledger knows it. */
struct dialled {
    const char *sid, *to, *from, *params; /* sid NULL: refused */
    int         status;                   /* replied */
    int64_t     cut_at, at;               /* the reply was cut after this many bytes, -1: not; Unix ms */
};

const char *status_word(enum status s);
bool        status_final(enum status s);
/** The Unix ms of a simulated instant on the clock of a call. */
int64_t     call_unix(const struct call *c, int64_t at);
int64_t     call_seconds(const struct call *c); /* CallDuration */

/** What happens from now on happens to the call. */
struct call *call_new(const char *from, const char *to, const char *direction, struct call *parent);
/** Sets the status, tells nobody. */
void         call_move(struct call *c, enum status s);
/** Moves on to a status, sends what is subscribed; nothing happens if it is there already or over. */
void         call_answer(struct call *c);
/** Ends a call and the legs that hang on it. */
void         call_end(struct call *c, enum status s, int sip);
/** Its own side hangs up: completed, or what an unanswered call becomes. */
void         call_hang_up(struct call *c);
/** Lets its phone ring and behave; answered(c) runs when it picks up. */
void         call_to_phone(struct call *c, void (*answered)(struct call *c));
/** Something is said to the call: its recordings hear it. */
void         call_hears(struct call *c, const char *text);

/** Somebody at a ringing phone takes the call or turns it away; false: it does not ring. */
bool call_take(struct call *c, bool answer);
/** Somebody who waits hangs up after so long, unless it is said when he gives up; 0: he waits no more. */
void call_patience(struct call *c, int64_t ms);
/** Takes VoiceUrl, StatusCallback… of a number or an application. */
void call_by_settings(struct call *c, const struct form *f);
/** Takes the URLs of the number that is called, or of its application. */
void call_by_number(struct call *c);
/** An inbound call begins: its url is fetched at once. */
void call_inbound(struct call *c);
/** A call made by REST begins. */
void call_outbound(struct call *c);
/** A running call takes a new document: url, or text if url is NULL. */
void call_redirect(struct call *c, const char *url, const char *method, const char *text);
