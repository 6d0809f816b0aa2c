/* The steps of a scenario: numbers, phones, faults, calls, and what our server is asked to do. */
#include "client.h"
#include "form.h"
#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *play_value(const struct command *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->v[i].name, name) == 0) return c->v[i].value;
    return NULL;
}

void play_member(cJSON *o, const char *name, const char *value)
{
    static const char *const texts[] = { "presses", "code", "says", "about", "message", "voicemail_end" };
    char                    *end = NULL;
    double                   number = strtod(value, &end);
    bool                     text = value[0] == '\0' || value[0] == '+' || *end != '\0';
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) text |= strcmp(texts[i], name) == 0;
    if (strcmp(value, "true") == 0) (void)cJSON_AddTrueToObject(o, name);
    else if (strcmp(value, "false") == 0) (void)cJSON_AddFalseToObject(o, name);
    else if (text) (void)cJSON_AddStringToObject(o, name, value);
    else (void)cJSON_AddNumberToObject(o, name, number);
}

void play_members(cJSON *o, const struct command *c)
{
    for (size_t i = 0; i < c->n; i++) play_member(o, c->v[i].name, c->v[i].value);
}

const char *play_place(const struct play *p, const char *where)
{
    if (where[0] == '/' && p->public_url != NULL) return keep_fmt("%s%s", p->public_url, where);
    return strchr(where, ':') == NULL ? keep_fmt("%s/%s", serve_base(), where) : where;
}

static void ask_and_forget(struct play *p, const char *method, const char *path, cJSON *o)
{
    play_ask(p, method, path, o);
    cJSON_Delete(o);
}

/* Without a voice_url it is one of our server's numbers. */
static void number(struct play *p, const struct command *c)
{
    cJSON *o = cJSON_CreateObject();
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(o, "phone_number", c->arg[0]);
    for (size_t i = 0; i < c->n; i++) {
        const char *name = c->v[i].name, *value = c->v[i].value;
        bool        url = strstr(name, "url") != NULL || strcmp(name, "status_callback") == 0;
        (void)cJSON_AddStringToObject(o, name, url ? play_place(p, value) : value);
    }
    if (play_value(c, "voice_url") == NULL) {
        (void)cJSON_AddStringToObject(o, "voice_url", play_place(p, "/api/twilio/voice/answer"));
        (void)cJSON_AddStringToObject(o, "status_callback", play_place(p, "/api/twilio/voice/status"));
    }
    ask_and_forget(p, "POST", "/sim/numbers", o);
}

static void phone(struct play *p, const struct command *c)
{
    cJSON *o = cJSON_CreateObject();
    play_members(o, c);
    ask_and_forget(p, "PUT", keep_fmt("/sim/phones/%s", c->arg[0]), o);
}

static void fault(struct play *p, const struct command *c)
{
    cJSON *o = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(o, "fault", c->arg[0]);
    play_members(o, c);
    ask_and_forget(p, "POST", "/sim/faults", o);
}

static void turn_clock(struct play *p, const struct command *c)
{
    cJSON *o = cJSON_CreateObject();
    play_members(o, c);
    ask_and_forget(p, "POST", "/sim/clock", o);
}

static void reset(struct play *p, const struct command *c)
{
    (void)c;
    play_ask(p, "POST", "/sim/reset", NULL);
}

static void pause_until_idle(struct play *p, const struct command *c)
{
    (void)c;
    play_wait(p);
}

static void document(struct play *p, const struct command *c)
{
    serve_begin(c);
    p->writing = true;
}

/* For whoever plays many files: this one wants the simulator for itself. */
static void alone(struct play *p, const struct command *c)
{
    (void)p;
    (void)c;
}

bool play_step(struct play *p, const struct command *c)
{
    static const struct {
        const char *word;
        size_t      args; /* needed */
        void (*run)(struct play *p, const struct command *c);
    } rows[] = {
        { "number", 1, number },         { "phone", 1, phone },          { "fault", 1, fault },
        { "call", 2, play_call },        { "message", 2, play_message }, { "dial", 1, play_dial },
        { "make-call", 1, play_dial },   { "hangup", 1, play_live },     { "redirect", 2, play_live },
        { "document", 1, document },     { "clock", 0, turn_clock },     { "reset", 0, reset },
        { "wait", 0, pause_until_idle }, { "expect", 1, play_expect },   { "until", 1, play_until },
        { "given", 1, play_facts },      { "change", 1, play_facts },    { "stored", 1, play_facts },
        { "later", 0, play_facts },      { "alone", 0, alone },          { "control", 2, play_control },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].word, c->word) != 0) continue;
        if (rows[i].args > 0 && c->arg[rows[i].args - 1] == NULL) return false;
        rows[i].run(p, c);
        return true;
    }
    return false;
}
