/* Scenarios: one readable file says who calls whom, what happens, and what must come out of it. Prints TAP.
 *
 *     number +442071838750 voice_url=menu
 *     phone +442071838751 answer=busy
 *     fault duplicate kind=status count=2
 *     document menu
 *       <Response><Dial action="gone"><Number>+442071838751</Number></Dial></Response>
 *     call +447700900123 +442071838750 caller_hangs_up_after_s=12
 *       customer: Hello, I have a question.
 *       agent: I will call you back.
 *     wait
 *     expect legs 1 status=busy
 *     expect webhooks kind=dial_status DialCallStatus=busy
 *     expect alerts 0
 *
 * All steps are explained in t/flows/README.md. */
#include "play.h"

#include "client.h"
#include "form.h"

#include <curl/curl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_S = 120, LINE_MAX_BYTES = 4096 };

void play_result(struct play *p, bool ok, const char *title, const char *why)
{
    (void)printf("%s %d - line %d: %s (%s)\n", ok ? "ok" : "not ok", ++p->tests, p->line, title, why);
    p->failed += !ok;
}

void play_about(struct play *p, const char *address)
{
    for (size_t i = 0; i < p->n_numbers; i++)
        if (strcmp(p->numbers[i], address) == 0) return;
    if (p->n_numbers < NUMBERS_MAX) p->numbers[p->n_numbers++] = address;
}

const char *play_scope(const struct play *p)
{
    struct form f = { 0 };
    struct buf  b = { 0 };
    for (size_t i = 0; i < p->n_numbers; i++) form_add(&f, "number", p->numbers[i]);
    form_add(&f, "own", keep_fmt("%s/", serve_base()));
    form_encode(&f, &b);
    const char *scope = keep_fmt("?%s", b.at);
    buf_free(&b);
    form_free(&f);
    return scope;
}

void play_ask(struct play *p, const char *method, const char *path, const cJSON *body)
{
    long   status = 0;
    cJSON *o = client_ask(p->sim, method, path, body, &status);
    if (status < 200 || status > 299) {
        const char *why = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "error"));
        play_result(p, false, path, why != NULL ? keep_str(why) : "the simulator does not answer");
    }
    cJSON_Delete(o);
}

/* Cuts the next word or name=value off the text, honouring quotes after the operator. */
static char *next_word(char **at)
{
    char *begin = *at + strspn(*at, " \t"), *end = begin;
    for (bool quoted = false; *end != '\0' && (quoted || (*end != ' ' && *end != '\t')); end++)
        if (*end == '"') quoted = !quoted;
    *at = end + (*end != '\0');
    *end = '\0';
    return begin;
}

/* name OP value; false if the word is none. */
static bool read_term(char *word, struct term *t)
{
    char  *eq = word + strcspn(word, "=~><!"), op = *eq;
    size_t n = 1;
    if (op == '\0' || eq == word) return false;
    if (op == '!') {
        op = eq[1] == '~' ? '-' : '!';
        n = 2;
    }
    char  *value = eq + n;
    size_t len = strlen(value);
    if (len >= 2 && value[0] == '"' && value[len - 1] == '"') {
        value[len - 1] = '\0';
        value++;
    }
    *eq = '\0';
    *t = (struct term){ .name = word, .value = value, .op = op };
    return true;
}

static struct command read_command(const char *line)
{
    struct command c = { 0 };
    char          *at = keep_str(line);
    size_t         args = 0;
    c.word = next_word(&at);
    c.text = keep_str(at);
    while (*at != '\0' && c.n < TERMS_MAX) {
        char *word = next_word(&at);
        if (*word == '\0') break;
        if (read_term(word, &c.v[c.n])) c.n++;
        else if (args < 2) c.arg[args++] = word;
    }
    return c;
}

static void read_line(struct play *p, char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    bool  inside = line[0] == ' ' || line[0] == '\t';
    char *at = line + strspn(line, " \t");
    if (inside && p->writing) serve_line(at);
    else if (*at == '\0' || *at == '#') return;
    else if (inside && p->call != NULL)
        cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(p->call, "lines"), cJSON_CreateString(at));
    else {
        struct command c = read_command(at);
        play_flush(p);
        if (!play_step(p, &c)) play_result(p, false, at, "not understood");
    }
}

static bool read_options(struct play *p, int argc, char **argv)
{
    static const struct option longs[] = { { "sim", 1, NULL, 's' },    { "server", 1, NULL, 'S' },
                                           { "public", 1, NULL, 'p' }, { "facts", 1, NULL, 'f' },
                                           { "key", 1, NULL, 'k' },    { "wait", 1, NULL, 'w' },
                                           { NULL, 0, NULL, 0 } };
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == 's') p->sim = optarg;
        else if (c == 'S') p->server = optarg;
        else if (c == 'p') p->public_url = optarg;
        else if (c == 'f') p->facts = optarg;
        else if (c == 'k' && p->n_keys < KEYS_MAX) p->keys[p->n_keys++] = optarg;
        else if (c == 'w') p->wait_s = (int)strtol(optarg, NULL, 10);
        else return false;
    }
    return p->sim != NULL && p->wait_s > 0;
}

int play_main(int argc, char **argv)
{
    struct play p = { .wait_s = WAIT_S };
    char        line[LINE_MAX_BYTES];
    FILE       *f = read_options(&p, argc, argv) && optind < argc ? fopen(argv[optind], "re") : NULL;
    if (f == NULL) {
        (void)fputs("usage: switchhook-sim play FILE --sim URL [--public URL] [--server URL] [--key [NAME=]KEY]...\n"
                    "                           [--facts URL] [--wait SECONDS]\n",
                    stderr);
        return 2;
    }
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    serve_start();
    p.replies = cJSON_CreateObject();
    (void)cJSON_AddArrayToObject(p.replies, "replies");
    for (p.line = 1; fgets(line, sizeof line, f) != NULL; p.line++) read_line(&p, line);
    play_flush(&p);
    (void)fclose(f);
    (void)printf("1..%d\n", p.tests);
    serve_stop();
    cJSON_Delete(p.replies);
    curl_global_cleanup();
    keep_reset();
    return p.failed > 0 ? 1 : 0;
}
