/* Questions to whoever sits at the terminal. */
#include "ask.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 500 };

bool ask_possible(void)
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* Returns what was set before. */
static struct termios hide(bool secret)
{
    struct termios was = { 0 }, quiet;
    if (!secret || tcgetattr(STDIN_FILENO, &was) != 0) return was;
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    return was;
}

enum err ask_line(struct cli *c, const char *prompt, bool secret, const char **out)
{
    char                 line[LINE_MAX_BYTES + 2];
    const struct termios was = hide(secret); /* before it asks: hiding throws away what was typed until then */
    (void)fputs(prompt, stderr);
    (void)fflush(stderr);
    const bool got = fgets(line, sizeof line, stdin) != NULL;
    if (secret) {
        (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &was);
        (void)fputc('\n', stderr);
    }
    if (!got) return ctx_fail(&c->cx, ERR_INVALID, "no answer");
    const size_t n = strcspn(line, "\r\n");
    if (line[n] == '\0' && n > LINE_MAX_BYTES) return ctx_fail(&c->cx, ERR_INVALID, "the answer is too long");
    *out = arena_copy(c->cx.arena, line, n);
    explicit_bzero(line, sizeof line);
    return OK;
}

enum err ask_name(struct cli *c, const char *what, const char *name)
{
    const char *typed;
    if (command_option(c, "yes") != NULL) return OK;
    if (!ask_possible()) {
        c->cx.err.cure = "--dry-run to see what would be done, --yes to do it";
        return ctx_fail(&c->cx, ERR_INVALID, "%s cannot be taken back, and nobody can be asked here", what);
    }
    TRY(ask_line(c, arena_printf(c->cx.arena, "%s cannot be taken back. Type %s to go on: ", what, name), false,
                 &typed));
    return strcmp(typed, name) == 0 ? OK : ctx_fail(&c->cx, ERR_INVALID, "that was not %s: nothing is done", name);
}
