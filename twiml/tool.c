/* The twiml command: check and fmt. twiml(1) is its manual. */
#include "twiml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_VALID = 0, EXIT_FINDINGS = 1, EXIT_TROUBLE = 2 }; /* trouble: usage, unreadable, unwritable, no memory */

/* The input and its length; one byte over the limit is enough for twiml_read() to refuse it. */
static size_t slurp(FILE *f, char buf[TWIML_DOC_MAX + 1])
{
    return fread(buf, 1, TWIML_DOC_MAX + 1, f);
}

static int trouble(const char *name, const char *why)
{
    (void)fprintf(stderr, "twiml: %s: %s\n", name, why);
    return EXIT_TROUBLE;
}

/* FILE:LINE: what is wrong, as compilers write it. */
static int report(const struct twiml *doc, const char *name, FILE *to)
{
    const struct twiml_finding *f;
    for (size_t i = 0; (f = twiml_finding(doc, i)) != NULL; i++)
        (void)fprintf(to, "%s:%u: %s\n", name, f->line, f->text);
    return twiml_status(doc) == TWIML_OK ? EXIT_VALID : EXIT_FINDINGS;
}

static int check(struct twiml *doc, const char *name)
{
    return report(doc, name, stdout);
}

/* What is well-formed is written in spite of findings. */
static int fmt(struct twiml *doc, const char *name)
{
    const char *xml;
    size_t      len;
    if (twiml_pretty(doc, &xml, &len) == TWIML_OK) (void)fwrite(xml, 1, len, stdout);
    return report(doc, name, stderr);
}

typedef int command_fn(struct twiml *doc, const char *name);

static int run(command_fn *command, const char *name)
{
    static char   buf[TWIML_DOC_MAX + 1];
    const int     standard = strcmp(name, "-") == 0;
    FILE         *f = standard ? stdin : fopen(name, "rb");
    struct twiml *doc = NULL;
    int           status;
    if (f == NULL) return trouble(name, strerror(errno));
    const size_t len = slurp(f, buf);
    if (ferror(f)) status = trouble(name, strerror(errno));
    else if ((doc = twiml_read(buf, len)) == NULL) status = trouble(name, "out of memory");
    else status = command(doc, standard ? "(standard input)" : name);
    twiml_free(doc);
    if (!standard) (void)fclose(f); /* it was only read */
    return status;
}

static const struct {
    const char *name;
    command_fn *run;
} commands[] = { { "check", check }, { "fmt", fmt } };

static int usage(void)
{
    (void)fputs("usage: twiml check [file ...]\n       twiml fmt [file ...]\n", stderr);
    return EXIT_TROUBLE;
}

static command_fn *command_of(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0) return commands[i].run;
    return NULL;
}

/* The worst of all files is the exit status. */
int main(int argc, char **argv)
{
    command_fn *command = command_of(argc > 1 ? argv[1] : NULL);
    int         worst = EXIT_VALID;
    if (command == NULL) return usage();
    if (argc == 2) worst = run(command, "-");
    for (int i = 2; i < argc; i++) {
        const int status = run(command, argv[i]);
        if (status > worst) worst = status;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) return trouble("standard output", strerror(errno));
    return worst;
}
