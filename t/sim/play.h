/* Scenarios: what a file says is done line by line, and what it expects is looked up. */
#pragma once
#include "mem.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

enum { TERMS_MAX = 32, KEYS_MAX = 8, NUMBERS_MAX = 64 };

/** name=value, and in expectations also != ~ !~ > <; the value may stand in quotes. */
struct term {
    const char *name, *value;
    char        op; /* = ~ > <, ! for !=, - for !~ */
};

/** A line: the word it begins with, up to two words without '=', and terms. */
struct command {
    const char *word, *arg[2], *text; /* text: all after the word */
    struct term v[TERMS_MAX];
    size_t      n;
};

struct play {
    const char *sim, *server, *public_url, *facts; /* base URLs; NULL: not given */
    const char *keys[KEYS_MAX];                    /* API keys: KEY, or NAME=KEY */
    const char *numbers[NUMBERS_MAX];              /* what the file is about: its scope */
    size_t      n_keys, n_numbers;
    cJSON      *call;    /* begun, its lines still come */
    cJSON      *replies; /* of our server, in order */
    bool        writing; /* the lines of a document come */
    int         line, tests, failed;
    int         wait_s; /* patience of wait and until */
};

/** A number, a browser or a SIP address that the file is about. */
void        play_about(struct play *p, const char *address);
/** "?number=…&number=…&own=…" of the file. */
const char *play_scope(const struct play *p);
void        play_result(struct play *p, bool ok, const char *title, const char *why);
/** One request to the control API; a refusal is a failed test. */
void        play_ask(struct play *p, const char *method, const char *path, const cJSON *body);
/** Terms as members of an object: numbers, true, false and null become what they are. */
void        play_members(cJSON *o, const struct command *c);
void        play_member(cJSON *o, const char *name, const char *value);
/** A path is our server's, a bare word a document of the file; kept. */
const char *play_place(const struct play *p, const char *where);
const char *play_value(const struct command *c, const char *name); /* NULL: there is none */

/** Sends the call whose lines were collected. */
void play_flush(struct play *p);
/** Does one line; false if its word is unknown. */
bool play_step(struct play *p, const struct command *c);
/** call, message, dial and make-call, hangup and redirect. */
void play_call(struct play *p, const struct command *c);
void play_message(struct play *p, const struct command *c);
void play_dial(struct play *p, const struct command *c);
void play_control(struct play *p, const struct command *c);
void play_live(struct play *p, const struct command *c);
/** expect LIST [N] terms: so many items are so; without N at least one. */
void play_expect(struct play *p, const struct command *c);
/** The same, as soon as it is so. */
void play_until(struct play *p, const struct command *c);
/** Until nothing of the file is in work. */
void play_wait(struct play *p);
/** given, change, stored, later: about the database, done by whoever serves --facts. */
void play_facts(struct play *p, const struct command *c);

/** Serves the documents of the file on a loopback port. */
void        serve_start(void);
const char *serve_base(void);
/** A document: its name, and the parameters a request must have; status and times are settings of its own. */
void        serve_begin(const struct command *c);
void        serve_line(const char *text);
/** Lets requests in for about so many real ms. */
void        serve_run(int ms);
void        serve_stop(void);
