/* Expectations: what a scenario says must be true of the ledger and of the database. */
#include "client.h"
#include "clock.h"
#include "form.h"
#include "play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAUSE_MS = 40, TITLE_MAX = 400, SEEN_MAX = 900 };

/* Names of lists that are parts of others: only items that have this member. */
static const struct {
    const char *name, *list, *member;
} PARTS[] = { { "legs", "calls", "parent_call_sid" }, { "twiml", "webhooks", "reply" } };

static const char *member_text(const cJSON *item, const char *name)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(item, name);
    if (v == NULL || cJSON_IsNull(v)) return NULL;
    if (cJSON_IsString(v)) return v->valuestring;
    char       *text = cJSON_PrintUnformatted(v);
    const char *kept = keep_str(text);
    free(text);
    return kept;
}

static bool term_holds(const struct term *t, const char *got)
{
    bool null = strcmp(t->value, "null") == 0;
    if (t->op == '=') return got == NULL ? null : strcmp(got, t->value) == 0;
    if (t->op == '!') return got == NULL ? !null : strcmp(got, t->value) != 0;
    if (t->op == '-') return got == NULL || strstr(got, t->value) == NULL;
    if (got == NULL) return false;
    if (t->op == '~') return strstr(got, t->value) != NULL;
    double a = strtod(got, NULL), b = strtod(t->value, NULL);
    return t->op == '>' ? a > b : a < b;
}

/* A name is a member of the item, else a parameter of the webhook or request. */
static bool holds(const cJSON *item, const struct command *c)
{
    const char *sent = member_text(item, "params");
    struct form params = { 0 };
    bool        ok = true;
    if (sent != NULL) form_parse(&params, sent, strlen(sent));
    for (size_t i = 0; i < c->n && ok; i++) {
        const char *got = member_text(item, c->v[i].name);
        if (got == NULL) got = form_get(&params, c->v[i].name);
        ok = term_holds(&c->v[i], got);
    }
    form_free(&params);
    return ok;
}

static long count(const cJSON *ledger, const char *list, const struct command *c, bool *known)
{
    const char  *member = NULL;
    const cJSON *items, *item;
    long         n = 0;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        if (strcmp(PARTS[i].name, list) == 0) {
            list = PARTS[i].list;
            member = PARTS[i].member;
        }
    items = cJSON_GetObjectItemCaseSensitive(ledger, list);
    *known = cJSON_IsArray(items);
    cJSON_ArrayForEach(item, items) n += (member == NULL || member_text(item, member) != NULL) && holds(item, c);
    return n;
}

/* Looks once; found says how many there are. */
static bool look(struct play *p, const struct command *c, long *found)
{
    bool   known, replies = strcmp(c->arg[0], "replies") == 0;
    cJSON *o = NULL;
    if (!replies) o = client_ask(p->sim, "GET", keep_fmt("/sim/ledger%s&sha256=no", play_scope(p)), NULL, NULL);
    if (replies) o = cJSON_Duplicate(p->replies, 1);
    *found = count(o, c->arg[0], c, &known);
    cJSON_Delete(o);
    return known && (c->arg[1] != NULL ? *found == strtol(c->arg[1], NULL, 10) : *found > 0);
}

void play_expect(struct play *p, const struct command *c)
{
    long found = 0;
    bool ok = c->arg[0] != NULL && look(p, c, &found);
    play_result(p, ok, c->text, keep_fmt("found %ld", found));
}

void play_until(struct play *p, const struct command *c)
{
    long found = 0;
    bool ok = false;
    for (int64_t end = clock_real_ms() + 1000 * p->wait_s; c->arg[0] != NULL && !ok && clock_real_ms() < end;) {
        ok = look(p, c, &found);
        if (!ok) serve_run(PAUSE_MS);
    }
    play_result(p, ok, c->text, keep_fmt("found %ld", found));
}

void play_wait(struct play *p)
{
    for (int64_t end = clock_real_ms() + 1000 * p->wait_s; clock_real_ms() < end;) {
        cJSON *o = client_ask(p->sim, "GET", keep_fmt("/sim%s", play_scope(p)), NULL, NULL);
        bool   idle = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "idle"));
        cJSON_Delete(o);
        if (idle) return;
        serve_run(PAUSE_MS);
    }
    play_result(p, false, "wait", "the calls do not come to an end");
}

static void add_sids(struct play *p, cJSON *body)
{
    cJSON *o = client_ask(p->sim, "GET", keep_fmt("/sim/ledger%s&sha256=no", play_scope(p)), NULL, NULL), *item;
    cJSON *a = cJSON_AddArrayToObject(body, "calls");
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(o, "calls"))
        cJSON_AddItemToArray(a, cJSON_CreateString(member_text(item, "sid")));
    a = cJSON_AddArrayToObject(body, "numbers");
    for (size_t i = 0; i < p->n_numbers; i++) cJSON_AddItemToArray(a, cJSON_CreateString(p->numbers[i]));
    cJSON_Delete(o);
}

static const char *op_text(char op)
{
    return op == '!' ? "!=" : op == '-' ? "!~" : op == '~' ? "~" : op == '>' ? ">" : op == '<' ? "<" : "=";
}

/* POST {word} {"args","terms":[[name,op,value]],"calls","numbers"} -> {"ok","why"} */
void play_facts(struct play *p, const struct command *c)
{
    const bool proof = strcmp(c->word, "stored") == 0;
    if (p->facts == NULL) {
        if (proof) (void)printf("ok %d - line %d: %s # SKIP no database\n", ++p->tests, p->line, c->text);
        return;
    }
    cJSON *o = cJSON_CreateObject(), *args = cJSON_AddArrayToObject(o, "args"),
          *terms = cJSON_AddArrayToObject(o, "terms");
    for (size_t i = 0; i < 2 && c->arg[i] != NULL; i++) cJSON_AddItemToArray(args, cJSON_CreateString(c->arg[i]));
    for (size_t i = 0; i < c->n; i++) {
        const char *const t[] = { c->v[i].name, op_text(c->v[i].op), c->v[i].value };
        cJSON_AddItemToArray(terms, cJSON_CreateStringArray(t, 3));
    }
    add_sids(p, o);
    cJSON *reply = client_ask(p->facts, "POST", keep_fmt("/%s", c->word), o, NULL);
    bool   ok = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(reply, "ok"));
    char   why[SEEN_MAX] = "no answer from --facts";
    if (reply != NULL)
        (void)snprintf(why, sizeof why, "%s", member_text(reply, "why") ? member_text(reply, "why") : "");
    if (proof || !ok) play_result(p, ok, keep_fmt("%s %s", c->word, c->text), why);
    cJSON_Delete(reply);
    cJSON_Delete(o);
}
