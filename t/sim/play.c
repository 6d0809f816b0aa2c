/* Scenarios: one readable file says who calls whom, what happens, and what must come out of it. Prints TAP.
 *
 *     number +442071838750 voice_url=https://crm.example.com/voice status_callback=https://crm.example.com/status
 *     phone +442071838751 answer=busy
 *     fault duplicate kind=status count=2
 *     call +447700900123 +442071838750 caller_hangs_up_after_s=12
 *       customer: Hello, I have a question.
 *       agent: I will call you back.
 *     message +447700900123 +442071838750 Call me back
 *     wait
 *     expect calls status=completed direction=inbound
 *     expect webhooks 2 kind=status
 *     expect alerts 0
 */
#include "client.h"
#include "form.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_S = 120, WORDS_MAX = 32 };

struct play {
    const char *base;
    cJSON      *call; /* begun, its lines still come */
    cJSON      *ledger;
    int         line, tests, failed;
};

struct words {
    char  *v[WORDS_MAX];
    size_t n;
    char  *rest; /* the text after the first three */
};

static void broken(struct play *p, const char *why)
{
    (void)printf("not ok %d - line %d: %s\n", ++p->tests, p->line, why);
    p->failed++;
}

static void ask(struct play *p, const char *method, const char *path, const cJSON *body)
{
    long   status = 0;
    cJSON *o = client_ask(p->base, method, path, body, &status);
    if (status < 200 || status > 299) {
        const char *why = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "error"));
        broken(p, why != NULL ? why : "the simulator does not answer");
    }
    cJSON_Delete(o);
    cJSON_Delete(p->ledger);
    p->ledger = NULL;
}

/* Sends the call whose lines were collected. */
static void flush(struct play *p)
{
    if (p->call == NULL) return;
    ask(p, "POST", "/sim/calls", p->call);
    cJSON_Delete(p->call);
    p->call = NULL;
}

static struct words split(char *line)
{
    struct words w = { 0 };
    for (char *at = line; *at != '\0' && w.n < WORDS_MAX;) {
        if (w.n == 3) w.rest = at;
        w.v[w.n++] = at;
        at += strcspn(at, " \t");
        if (*at == '\0') break;
        if (w.n < 3) *at++ = '\0';
        else at++;
        at += strspn(at, " \t");
    }
    return w;
}

/* name=value: numbers and true become what they are. */
static void add_setting(cJSON *o, char *text)
{
    char *eq = strchr(text, '='), *end = NULL;
    if (eq == NULL) return;
    *eq = '\0';
    double number = strtod(eq + 1, &end);
    if (strcmp(eq + 1, "true") == 0) (void)cJSON_AddTrueToObject(o, text);
    else if (eq[1] != '\0' && eq[1] != '+' && *end == '\0' && strcmp(text, "presses") != 0 && strcmp(text, "code") != 0)
        (void)cJSON_AddNumberToObject(o, text, number);
    else (void)cJSON_AddStringToObject(o, text, eq + 1);
}

static void add_settings(cJSON *o, char *text)
{
    while (text != NULL && *text != '\0') {
        size_t n = strcspn(text, " \t");
        bool   more = text[n] != '\0';
        text[n] = '\0';
        add_setting(o, text);
        text += n + more;
        text += strspn(text, " \t");
    }
}

static bool holds(const cJSON *item, const cJSON *wanted)
{
    const cJSON *w;
    struct form  params = { 0 };
    const char  *sent = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "params"));
    bool         ok = true;
    if (sent != NULL) form_parse(&params, sent, strlen(sent));
    cJSON_ArrayForEach(w, wanted)
    {
        const cJSON *got = cJSON_GetObjectItemCaseSensitive(item, w->string);
        const char  *param = form_get(&params, w->string);
        if (got != NULL && cJSON_Compare(got, w, 1)) continue;
        char *text = cJSON_IsString(w) ? strdup(w->valuestring) : cJSON_PrintUnformatted(w);
        ok = ok && text != NULL && param != NULL && strcmp(param, text) == 0;
        free(text);
    }
    form_free(&params);
    return ok;
}

/* expect LIST [N] [name=value…]: so many items have these members or parameters; without N at least one. */
static void expect(struct play *p, char *text)
{
    char   title[300], *list = text;
    size_t n = strcspn(text, " \t");
    long   wanted = -1, found = 0;
    (void)snprintf(title, sizeof title, "%s", text);
    if (p->ledger == NULL) p->ledger = client_ask(p->base, "GET", "/sim/ledger", NULL, NULL);
    text += n + (text[n] != '\0');
    list[n] = '\0';
    text += strspn(text, " \t");
    if (*text >= '0' && *text <= '9') wanted = strtol(text, &text, 10);
    text += strspn(text, " \t");
    cJSON       *members = cJSON_CreateObject();
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(p->ledger, list), *item;
    add_settings(members, text);
    cJSON_ArrayForEach(item, items) found += holds(item, members);
    cJSON_Delete(members);
    bool ok = cJSON_IsArray(items) && (wanted >= 0 ? found == wanted : found > 0);
    (void)printf("%s %d - line %d: %s (found %ld)\n", ok ? "ok" : "not ok", ++p->tests, p->line, title, found);
    p->failed += !ok;
}

static void begin_call(struct play *p, const struct words *w)
{
    p->call = cJSON_CreateObject();
    (void)cJSON_AddStringToObject(p->call, "from", w->v[1]);
    char *to = w->v[2];
    to[strcspn(to, " \t")] = '\0';
    (void)cJSON_AddStringToObject(p->call, "to", to);
    add_settings(p->call, w->rest);
    (void)cJSON_AddArrayToObject(p->call, "lines");
}

static void set(struct play *p, const struct words *w, const char *method, const char *path, const char *name)
{
    cJSON *o = cJSON_CreateObject();
    if (name != NULL) (void)cJSON_AddStringToObject(o, name, w->v[1]);
    if (w->n > 2) add_settings(o, w->v[2]);
    ask(p, method, path, o);
    cJSON_Delete(o);
}

static void send_message(struct play *p, const struct words *w)
{
    cJSON *o = cJSON_CreateObject();
    w->v[2][strcspn(w->v[2], " \t")] = '\0';
    (void)cJSON_AddStringToObject(o, "from", w->v[1]);
    (void)cJSON_AddStringToObject(o, "to", w->v[2]);
    (void)cJSON_AddStringToObject(o, "body", w->rest != NULL ? w->rest : "");
    ask(p, "POST", "/sim/messages", o);
    cJSON_Delete(o);
}

static void command(struct play *p, char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    bool  inside = line[0] == ' ' || line[0] == '\t';
    char *at = line + strspn(line, " \t");
    if (*at == '\0' || *at == '#') return;
    if (inside && p->call != NULL) {
        cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(p->call, "lines"), cJSON_CreateString(at));
        return;
    }
    flush(p);
    if (strncmp(at, "expect ", 7) == 0) {
        expect(p, at + 7);
        return;
    }
    struct words w = split(at);
    if (strcmp(w.v[0], "call") == 0 && w.n > 2) begin_call(p, &w);
    else if (strcmp(w.v[0], "phone") == 0 && w.n > 1) set(p, &w, "PUT", keep_fmt("/sim/phones/%s", w.v[1]), NULL);
    else if (strcmp(w.v[0], "number") == 0 && w.n > 1) set(p, &w, "POST", "/sim/numbers", "phone_number");
    else if (strcmp(w.v[0], "fault") == 0 && w.n > 1) set(p, &w, "POST", "/sim/faults", "fault");
    else if (strcmp(w.v[0], "message") == 0 && w.n > 2) send_message(p, &w);
    else if (strcmp(w.v[0], "reset") == 0) ask(p, "POST", "/sim/reset", NULL);
    else if (strcmp(w.v[0], "wait") == 0) {
        if (client_wait_idle(p->base, WAIT_S) != 0) broken(p, "the calls do not come to an end");
    } else broken(p, keep_fmt("not understood: %s", w.v[0]));
}

int play_main(int argc, char **argv)
{
    static const struct option longs[] = { { "sim", 1, NULL, 's' }, { NULL, 0, NULL, 0 } };
    struct play                p = { 0 };
    char                       line[4096];
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;)
        if (c == 's') p.base = optarg;
    FILE *f = optind < argc ? fopen(argv[optind], "re") : NULL;
    if (p.base == NULL || f == NULL) {
        (void)fputs("usage: switchhook-sim play FILE --sim URL\n", stderr);
        if (f != NULL) (void)fclose(f);
        return 2;
    }
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    for (p.line = 1; fgets(line, sizeof line, f) != NULL; p.line++) command(&p, line);
    flush(&p);
    (void)fclose(f);
    (void)printf("1..%d\n", p.tests);
    cJSON_Delete(p.ledger);
    curl_global_cleanup();
    keep_reset();
    return p.failed > 0 ? 1 : 0;
}
