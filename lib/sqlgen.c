/* sqlgen: turns annotated .sql files into sql.h and sql.c, one typed C function a statement.
 *
 *   -- What it does, in sentences: becomes the function's comment.
 *   -- in  sid text, before timestamptz?, max int      ? = may be NULL
 *   -- out id uuid, seconds int?                       the names are the columns' names
 *   -- one | maybe | many | none | batch               rows
 *   select ... where sid = :sid                        :name becomes $n::type
 *
 * A batch takes an array of the in struct: each parameter is an array with an element a row, and :rows stands for all
 * of them, "unnest($1::text[], ...) with ordinality as e (sid, ..., ord)". It answers one row an element, in order, or
 * none.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLS = 32, DOC = 2048, TEXT = 32768 };

struct col {
    char name[48], type[32];
    bool null;
};

struct stmt {
    const char *file;
    char        name[64], shape[8], doc[DOC], text[TEXT];
    struct col  in[COLS], out[COLS];
    size_t      nin, nout;
};

static const char word_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

static void die(const char *file, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", file, why);
    exit(1);
}

static void append(const char *file, char *to, size_t size, const char *s)
{
    size_t used = strlen(to);
    int    n = snprintf(to + used, size - used, "%s", s);
    if (n < 0 || (size_t)n >= size - used) die(file, "too long");
}

/* Copies the word at s; returns what follows it. */
static const char *word(const char *file, const char *s, char *to, size_t size)
{
    size_t n = strspn(s, word_chars);
    if (n == 0 || n >= size) die(file, "expected: name type, name type?");
    memcpy(to, s, n);
    to[n] = '\0';
    return s + n;
}

/* "a text, b uuid?" added to the n columns at c; returns how many there are now. A sentence must not begin like one. */
static size_t columns(const char *file, const char *s, struct col *c, size_t n)
{
    for (s += strspn(s, " "); *s != '\n' && *s != '\0'; s += strspn(s, ", ")) {
        if (n == COLS) die(file, "too many columns");
        s = word(file, s, c[n].name, sizeof c[n].name);
        s = word(file, s + strspn(s, " "), c[n].type, sizeof c[n].type);
        c[n].null = *s == '?';
        s += c[n].null;
        n++;
    }
    return n;
}

static bool is_shape(const char *s)
{
    static const char *const shapes[] = { "one\n", "maybe\n", "many\n", "none\n", "batch\n" };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (strcmp(s, shapes[i]) == 0) return true;
    return false;
}

static void read_line(struct stmt *s, const char *line)
{
    const char *note = strncmp(line, "-- ", 3) == 0 ? line + 3 : NULL;
    if (s->shape[0] != '\0' || note == NULL) append(s->file, s->text, sizeof s->text, line);
    else if (strncmp(note, "in ", 3) == 0) s->nin = columns(s->file, note + 3, s->in, s->nin);
    else if (strncmp(note, "out ", 4) == 0) s->nout = columns(s->file, note + 4, s->out, s->nout);
    else if (is_shape(note)) (void)word(s->file, note, s->shape, sizeof s->shape);
    else {
        append(s->file, s->doc, sizeof s->doc, s->doc[0] == '\0' ? "" : " *  ");
        append(s->file, s->doc, sizeof s->doc, note);
    }
}

static bool is(const struct stmt *s, const char *shape)
{
    return strcmp(s->shape, shape) == 0;
}

static void read_stmt(const char *file, struct stmt *s)
{
    char        line[1024];
    const char *slash = strrchr(file, '/');
    FILE       *f = fopen(file, "r");
    if (f == NULL) die(file, "cannot be read");
    *s = (struct stmt){ .file = slash == NULL ? file : slash + 1 };
    (void)word(file, s->file, s->name, sizeof s->name);
    while (fgets(line, sizeof line, f) != NULL) read_line(s, line);
    (void)fclose(f);
    if (s->shape[0] == '\0') die(file, "no shape: one, maybe, many, none or batch");
    if (is(s, "none") && s->nout > 0) die(file, "none, but it has columns");
    if (is(s, "batch") && s->nin == 0) die(file, "batch, but it takes nothing");
}

/* ---- what a column is in C ---- */

static const char *db_type(const struct col *c)
{
    if (strcmp(c->type, "int") == 0 || strcmp(c->type, "bigint") == 0) return "INT";
    if (strcmp(c->type, "bool") == 0) return "BOOL";
    return strcmp(c->type, "bytea") == 0 ? "BYTES" : "TEXT";
}

static const char *c_type(const struct col *c)
{
    switch (db_type(c)[1]) {
    case 'N': return c->null ? "const int64_t *" : "int64_t ";
    case 'O': return c->null ? "const bool *" : "bool ";
    case 'Y': return "struct db_bytes ";
    default: return "const char *";
    }
}

/* ---- sql.h ---- */

static void put_struct(FILE *h, const struct stmt *s, const char *suffix, const struct col *c, size_t n)
{
    if (n == 0) return;
    (void)fprintf(h, "struct sql_%s%s {\n", s->name, suffix);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(h, "    %s%s; /* %s%s */\n", c_type(&c[i]), c[i].name, c[i].type, c[i].null ? " or NULL" : "");
    (void)fprintf(h, "};\n");
}

static void put_prototype(FILE *f, const struct stmt *s)
{
    (void)fprintf(f, "enum err sql_%s(struct ctx *cx", s->name);
    if (s->nin > 0) (void)fprintf(f, ", const struct sql_%s_in *in", s->name);
    if (is(s, "batch")) (void)fprintf(f, ", size_t n");
    if (is(s, "many")) (void)fprintf(f, ", struct db_rows *out");
    else if (s->nout > 0) (void)fprintf(f, ", struct sql_%s *out", s->name);
    (void)fputc(')', f);
}

static void put_header(FILE *h, const struct stmt *s)
{
    (void)fputc('\n', h);
    put_struct(h, s, "_in", s->in, s->nin);
    put_struct(h, s, "", s->out, s->nout);
    (void)fprintf(h, "/** %s *  %s: %s. */\n", s->doc, s->file, s->shape);
    put_prototype(h, s);
    (void)fprintf(h, " MUST_CHECK;\nextern const struct db_stmt sql_%s_stmt;\n", s->name);
}

/* ---- sql.c ---- */

static void put_columns(FILE *c, const struct stmt *s, bool in, const struct col *v, size_t n)
{
    const char *suffix = in ? "_in" : "";
    if (n == 0) return;
    (void)fprintf(c, "\nstatic const struct db_col %s_%s[] = {\n", s->name, in ? "in" : "out");
    for (size_t i = 0; i < n; i++)
        (void)fprintf(c, "    { \"%s\", offsetof(struct sql_%s%s, %s), DB_%s, %d },\n", v[i].name, s->name, suffix,
                      v[i].name, db_type(&v[i]), v[i].null);
    (void)fprintf(c, "};\n");
}

/* The i-th parameter with its type; of a batch as an array, in a type whose binary form db_params.c writes. */
static void put_typed(FILE *c, const struct stmt *s, size_t i)
{
    static const char *const wire[] = { "text", "bigint", "boolean", "bytea" };
    const struct col        *p = &s->in[i];
    const char               t = db_type(p)[1];
    const char              *as = t == 'N' ? wire[1] : t == 'O' ? wire[2] : t == 'Y' ? wire[3] : wire[0];
    if (!is(s, "batch")) (void)fprintf(c, "$%zu::%s", i + 1, p->type);
    else if (t != 'E' || strcmp(p->type, "text") == 0) (void)fprintf(c, "$%zu::%s[]", i + 1, as);
    else (void)fprintf(c, "$%zu::%s[]::%s[]", i + 1, as, p->type);
}

static void put_rows(FILE *c, const struct stmt *s)
{
    (void)fputs("unnest(", c);
    for (size_t i = 0; i < s->nin; i++) {
        if (i > 0) (void)fputs(", ", c);
        put_typed(c, s, i);
    }
    (void)fputs(") with ordinality as e (", c);
    for (size_t i = 0; i < s->nin; i++) (void)fprintf(c, "%s, ", s->in[i].name);
    (void)fputs("ord)", c);
}

/* What stands for the :name at t; returns the length of the name. */
static size_t put_param(FILE *c, const struct stmt *s, const char *t)
{
    size_t len = strspn(t, word_chars), i = 0;
    if (is(s, "batch") && len == 4 && strncmp(t, "rows", 4) == 0) {
        put_rows(c, s);
        return len;
    }
    while (i < s->nin && (strlen(s->in[i].name) != len || strncmp(s->in[i].name, t, len) != 0)) i++;
    if (i == s->nin) die(s->file, "uses a :name that no -- in line declares");
    put_typed(c, s, i);
    return len;
}

static void put_text(FILE *c, const struct stmt *s)
{
    bool quoted = false, note = false;
    char before = '\0';
    (void)fputs("    .text =\n    \"", c);
    for (const char *t = s->text; *t != '\0'; before = *t++) {
        if (*t == '\'' && !note) quoted = !quoted;
        if (!quoted && strncmp(t, "--", 2) == 0) note = true;
        if (*t == '\n') note = false;
        if (note) continue;
        if (!quoted && *t == ':' && before != ':' && islower((unsigned char)t[1])) t += put_param(c, s, t + 1);
        else if (*t == '\n') (void)fputs(t[1] == '\0' ? "\\n" : "\\n\"\n    \"", c);
        else (void)fprintf(c, *t == '"' || *t == '\\' ? "\\%c" : "%c", *t);
    }
    (void)fputs("\",\n", c);
}

static void put_source(FILE *c, const struct stmt *s)
{
    const bool  out = is(s, "many") || s->nout > 0, batch = is(s, "batch");
    const char *to = out ? "out" : "NULL", *from = s->nin > 0 ? "in" : "NULL";
    put_columns(c, s, true, s->in, s->nin);
    put_columns(c, s, false, s->out, s->nout);
    (void)fprintf(c, "\nconst struct db_stmt sql_%s_stmt = {\n    .name = \"%s\", .shape = DB_", s->name, s->name);
    for (const char *p = s->shape; *p != '\0'; p++) (void)fputc(toupper((unsigned char)*p), c);
    (void)fprintf(c, ",\n");
    if (s->nin > 0)
        (void)fprintf(c, "    .in = %s_in, .nin = %zu, .in_size = sizeof(struct sql_%s_in),\n", s->name, s->nin,
                      s->name);
    if (s->nout > 0)
        (void)fprintf(c, "    .out = %s_out, .nout = %zu, .row_size = sizeof(struct sql_%s),\n", s->name, s->nout,
                      s->name);
    put_text(c, s);
    (void)fprintf(c, "};\n\n");
    put_prototype(c, s);
    if (batch)
        (void)fprintf(c, "\n{\n    return db_all(cx, &(const struct db_call){ &sql_%s_stmt, in, n, %s }, 1);\n}\n",
                      s->name, to);
    else (void)fprintf(c, "\n{\n    return db_run(cx, &sql_%s_stmt, %s, %s);\n}\n", s->name, from, to);
}

int main(int argc, char **argv)
{
    static struct stmt s;
    FILE              *h = fopen("sql.h", "w"), *c = fopen("sql.c", "w");
    if (h == NULL || c == NULL) die("sql.h, sql.c", "cannot be written");
    (void)fputs("/* Written by sqlgen. */\n#ifndef SQL_H\n#define SQL_H\n#include \"db.h\"\n", h);
    (void)fputs("/* Written by sqlgen. */\n#include \"sql.h\"\n", c);
    for (int i = 1; i < argc; i++) {
        read_stmt(argv[i], &s);
        put_header(h, &s);
        put_source(c, &s);
    }
    (void)fputs("\n/** Every statement, for db_open(). */\nextern const struct db_stmt *const sql_all[];\n", h);
    (void)fputs("\n#endif\n", h);
    (void)fputs("\nconst struct db_stmt *const sql_all[] = {\n", c);
    for (int i = 1; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/'), *base = slash == NULL ? argv[i] : slash + 1;
        (void)fprintf(c, "    &sql_%.*s_stmt,\n", (int)strspn(base, word_chars), base);
    }
    (void)fputs("    NULL,\n};\n", c);
    return fclose(h) != 0 || fclose(c) != 0;
}
