/* The steps of a scenario in which somebody calls, writes, or lets our server call. */
#include "client.h"
#include "play.h"

#include <string.h>

void play_call(struct play *p, const struct command *c)
{
    p->call = cJSON_CreateObject();
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(p->call, "from", c->arg[0]);
    if (c->arg[1] != NULL) (void)cJSON_AddStringToObject(p->call, "to", c->arg[1]);
    const char *url = play_value(c, "voice_url");
    if (url != NULL) (void)cJSON_AddStringToObject(p->call, "voice_url", play_place(p, url));
    cJSON *params = cJSON_AddObjectToObject(p->call, "params");
    for (size_t i = 0; i < c->n; i++) {
        bool upper = c->v[i].name[0] >= 'A' && c->v[i].name[0] <= 'Z'; /* a parameter of a browser's call */
        if (upper) (void)cJSON_AddStringToObject(params, c->v[i].name, c->v[i].value);
        else if (strcmp(c->v[i].name, "voice_url") != 0) play_member(p->call, c->v[i].name, c->v[i].value);
    }
    (void)cJSON_AddArrayToObject(p->call, "lines");
}

void play_flush(struct play *p)
{
    p->writing = false;
    if (p->call == NULL) return;
    cJSON *o = p->call;
    p->call = NULL;
    play_ask(p, "POST", "/sim/calls", o);
    cJSON_Delete(o);
}

void play_message(struct play *p, const struct command *c)
{
    cJSON      *o = cJSON_CreateObject();
    const char *to = strchr(c->text, ' '), *text = to != NULL ? strchr(to + 1, ' ') : NULL;
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(o, "from", c->arg[0]);
    (void)cJSON_AddStringToObject(o, "to", c->arg[1] != NULL ? c->arg[1] : "");
    (void)cJSON_AddStringToObject(o, "body", text != NULL ? text + 1 : "");
    play_ask(p, "POST", "/sim/messages", o);
    cJSON_Delete(o);
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
void play_dial(struct play *p, const struct command *c)
{
    bool        guide = strcmp(c->word, "make-call") == 0;
    const char *path = guide ? "/api/twilio/make-call" : "/api/calls/initiate";
    cJSON      *o = cJSON_CreateObject();
    long        status = 0;
    play_about(p, c->arg[0]);
    (void)cJSON_AddStringToObject(o, guide ? "toNumber" : "to", c->arg[0]);
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->v[i].name, "key") != 0) play_member(o, c->v[i].name, c->v[i].value);
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

/* The live call from or to an address. */
static const char *live_sid(struct play *p, const struct command *c)
{
    cJSON      *all = client_ask(p->sim, "GET", "/sim/calls?state=open", NULL, NULL), *item;
    const char *sid = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(all, "calls"))
    {
        const char *from = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "from"));
        const char *to = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "to"));
        bool        is = strcmp(from, c->arg[0]) == 0 || strcmp(to, c->arg[0]) == 0;
        if (is && sid == NULL) sid = keep_str(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "sid")));
    }
    cJSON_Delete(all);
    return sid;
}

/* Our server is asked to do something to a live call: POST /api/v1/calls/{sid}/WORD; its reply joins replies. */
void play_control(struct play *p, const struct command *c)
{
    const char *sid = live_sid(p, c);
    cJSON      *o = cJSON_CreateObject(), *reply = NULL;
    long        status = 0;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->v[i].name, "key") != 0) play_member(o, c->v[i].name, c->v[i].value);
    if (p->server == NULL) play_result(p, false, c->text, "--server is needed");
    else if (sid == NULL) play_result(p, false, c->text, "there is no such live call");
    else
        reply = client_ask_as(key_of(p, play_value(c, "key")), p->server, "POST",
                              keep_fmt("/api/v1/calls/%s/%s", sid, c->arg[1]), o, &status);
    if (!cJSON_IsObject(reply)) {
        cJSON_Delete(reply);
        reply = cJSON_CreateObject();
    }
    (void)cJSON_AddNumberToObject(reply, "http", (double)status);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(p->replies, "replies"), reply);
    cJSON_Delete(o);
}

/* What is done to a live call by somebody else: hangup, or redirect to a URL. */
void play_live(struct play *p, const struct command *c)
{
    const char *sid = live_sid(p, c);
    cJSON      *o = cJSON_CreateObject();
    if (c->arg[1] != NULL) (void)cJSON_AddStringToObject(o, "url", play_place(p, c->arg[1]));
    if (sid == NULL) play_result(p, false, c->text, "there is no such live call");
    else play_ask(p, "POST", keep_fmt("/sim/calls/%s/%s", sid, c->word), o);
    cJSON_Delete(o);
}
