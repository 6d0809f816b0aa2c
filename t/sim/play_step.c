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

static void add_member(cJSON *o, const char *name, const char *value)
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
    for (size_t i = 0; i < c->n; i++) add_member(o, c->v[i].name, c->v[i].value);
}

/* A path is our server's, a bare word a document of the file. */
static const char *place(const struct play *p, const char *where)
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
        (void)cJSON_AddStringToObject(o, name, url ? place(p, value) : value);
    }
    if (play_value(c, "voice_url") == NULL) {
        (void)cJSON_AddStringToObject(o, "voice_url", place(p, "/api/twilio/voice/answer"));
        (void)cJSON_AddStringToObject(o, "status_callback", place(p, "/api/twilio/voice/status"));
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

static void call(struct play *p, const struct command *c)
{
    p->call = cJSON_CreateObject();
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(p->call, "from", c->arg[0]);
    if (c->arg[1] != NULL) (void)cJSON_AddStringToObject(p->call, "to", c->arg[1]);
    const char *url = play_value(c, "voice_url");
    if (url != NULL) (void)cJSON_AddStringToObject(p->call, "voice_url", place(p, url));
    cJSON *params = cJSON_AddObjectToObject(p->call, "params");
    for (size_t i = 0; i < c->n; i++) {
        bool upper = c->v[i].name[0] >= 'A' && c->v[i].name[0] <= 'Z'; /* a parameter of a browser's call */
        if (upper) (void)cJSON_AddStringToObject(params, c->v[i].name, c->v[i].value);
        else if (strcmp(c->v[i].name, "voice_url") != 0) add_member(p->call, c->v[i].name, c->v[i].value);
    }
    (void)cJSON_AddArrayToObject(p->call, "lines");
}

void play_flush(struct play *p)
{
    p->writing = false;
    if (p->call == NULL) return;
    cJSON *o = p->call;
    p->call = NULL;
    ask_and_forget(p, "POST", "/sim/calls", o);
}

static void message(struct play *p, const struct command *c)
{
    cJSON      *o = cJSON_CreateObject();
    const char *to = strchr(c->text, ' '), *text = to != NULL ? strchr(to + 1, ' ') : NULL;
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(o, "from", c->arg[0]);
    (void)cJSON_AddStringToObject(o, "to", c->arg[1] != NULL ? c->arg[1] : "");
    (void)cJSON_AddStringToObject(o, "body", text != NULL ? text + 1 : "");
    ask_and_forget(p, "POST", "/sim/messages", o);
}

/* KEY, or NAME=KEY chosen by key=NAME; the first is the usual one. */
static const char *key_of(const struct play *p, const char *name)
{
    for (size_t i = 0; name != NULL && i < p->n_keys; i++) {
        size_t n = strlen(name);
        if (strncmp(p->keys[i], name, n) == 0 && p->keys[i][n] == '=') return p->keys[i] + n + 1;
    }
    return name == NULL && p->n_keys > 0 ? p->keys[0] : NULL;
}

/* Our server is asked to place a call; its reply joins the list replies. */
static void place_call(struct play *p, const struct command *c)
{
    bool        guide = strcmp(c->word, "make-call") == 0;
    const char *path = guide ? "/api/twilio/make-call" : "/api/calls/initiate";
    cJSON      *o = cJSON_CreateObject();
    long        status = 0;
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(o, guide ? "toNumber" : "to", c->arg[0]);
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->v[i].name, "key") != 0) add_member(o, c->v[i].name, c->v[i].value);
    cJSON *reply = NULL;
    if (p->server == NULL) play_result(p, false, c->text, "--server is needed");
    else reply = client_ask_as(key_of(p, play_value(c, "key")), p->server, "POST", path, o, &status);
    if (!cJSON_IsObject(reply)) {
        cJSON_Delete(reply);
        reply = cJSON_CreateObject();
    }
    (void)cJSON_AddNumberToObject(reply, "http", (double)status);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(p->replies, "replies"), reply);
    cJSON_Delete(o);
}

/* The live call from or to an address, and what is done to it: hangup, or redirect to a URL. */
static void live_call(struct play *p, const struct command *c)
{
    cJSON      *all = client_ask(p->sim, "GET", "/sim/calls?state=open", NULL, NULL), *item, *o = cJSON_CreateObject();
    const char *sid = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(all, "calls"))
    {
        const char *from = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "from"));
        const char *to = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "to"));
        bool        is = strcmp(from, c->arg[0]) == 0 || strcmp(to, c->arg[0]) == 0;
        if (is && sid == NULL) sid = keep_str(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "sid")));
    }
    cJSON_Delete(all);
    if (c->arg[1] != NULL) (void)cJSON_AddStringToObject(o, "url", place(p, c->arg[1]));
    if (sid == NULL) play_result(p, false, c->text, "there is no such live call");
    else play_ask(p, "POST", keep_fmt("/sim/calls/%s/%s", sid, c->word), o);
    cJSON_Delete(o);
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
        { "number", 1, number },         { "phone", 1, phone },
        { "fault", 1, fault },           { "call", 2, call },
        { "message", 2, message },       { "dial", 1, place_call },
        { "make-call", 1, place_call },  { "hangup", 1, live_call },
        { "redirect", 2, live_call },    { "document", 1, document },
        { "clock", 0, turn_clock },      { "reset", 0, reset },
        { "wait", 0, pause_until_idle }, { "expect", 1, play_expect },
        { "until", 1, play_until },      { "given", 1, play_facts },
        { "change", 1, play_facts },     { "stored", 1, play_facts },
        { "later", 0, play_facts },      { "alone", 0, alone },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].word, c->word) != 0) continue;
        if (rows[i].args > 0 && c->arg[rows[i].args - 1] == NULL) return false;
        rows[i].run(p, c);
        return true;
    }
    return false;
}
