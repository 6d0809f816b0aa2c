/* Log: one JSON object a line, built on the stack and written at once, so that lines of several processes do not mix.
 */
#include "log.h"

#include "check.h"
#include "clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 8192, TAIL = 2 }; /* TAIL: the closing brace and the line end always fit */

/* Once something did not fit, full sticks until the line is cut back. */
struct line {
    char   at[LINE];
    size_t len;
    bool   full;
};

static const char *const words[] = { "debug", "info", "warn", "error" };
static enum log_level    least = LOG_INFO;
static bool              whole_numbers;

void log_setup(const char *level, bool pii)
{
    whole_numbers = pii;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (level != NULL && strcmp(level, words[i]) == 0) least = (enum log_level)i;
}

static void add(struct line *l, const char *s, size_t n)
{
    if (l->full || n > LINE - TAIL - l->len) {
        l->full = true;
        return;
    }
    memcpy(l->at + l->len, s, n);
    l->len += n;
}

static void add_str(struct line *l, const char *s)
{
    add(l, s, strlen(s));
}

/* Digits of the phone number at s, which begins with + or its escaped form; 0 if there is none. */
static size_t number_at(const char *s, size_t *lead)
{
    *lead = s[0] == '+' ? 1 : strncmp(s, "%2B", 3) == 0 || strncmp(s, "%2b", 3) == 0 ? 3 : 0;
    size_t n = *lead == 0 ? 0 : strspn(s + *lead, "0123456789");
    return n >= 7 && n <= 15 ? n : 0;
}

/* One character of a JSON string, or one masked number; returns how much of s that was. */
static size_t add_char(struct line *l, const char *s)
{
    char   escape[8];
    size_t n = check_utf8_char(s), lead, digits = whole_numbers ? 0 : number_at(s, &lead);
    if (digits > 0) { /* +4420...0123: enough to recognise, too little to call */
        add(l, s, lead + (digits < 11 ? 2 : 4));
        add_str(l, "...");
        add(l, s + lead + digits - (digits < 11 ? 2 : 4), digits < 11 ? 2 : 4);
        return lead + digits;
    }
    if (n == 0) {
        add_str(l, "\xEF\xBF\xBD");
        return 1;
    }
    if (n == 1 && ((unsigned char)*s < 0x20 || *s == '"' || *s == '\\' || *s == 0x7F)) {
        (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)*s);
        add_str(l, escape);
        return 1;
    }
    add(l, s, n);
    return n;
}

static void add_text(struct line *l, const char *s)
{
    add_str(l, "\"");
    while (*s != '\0' && !l->full) s += add_char(l, s);
    add_str(l, "\"");
}

static void add_field(struct line *l, const struct log_field *f)
{
    char number[24];
    if (f->text == NULL && !f->is_number) return;
    size_t before = l->len;
    add_str(l, ",\"");
    add_str(l, f->key);
    add_str(l, "\":");
    (void)snprintf(number, sizeof number, "%lld", (long long)f->number);
    if (f->text != NULL) add_text(l, f->text);
    else add_str(l, number);
    if (l->full) l->len = before;
}

static void add_head(struct line *l, enum log_level level)
{
    char head[96], date[CLOCK_TEXT];
    clock_rfc3339_to(date, clock_unix_ms());
    (void)snprintf(head, sizeof head, "{\"ts\":\"%s\",\"level\":\"%s\"", date, words[level]);
    add_str(l, head);
}

void log_line(enum log_level level, const char *msg, const struct log_field *fields, size_t n)
{
    struct line l;
    if (level < least) return;
    l.len = 0;
    l.full = false;
    add_head(&l, level);
    add_field(&l, &(const struct log_field)LOG_TEXT("msg", msg));
    for (size_t i = 0; i < n && !l.full; i++) add_field(&l, &fields[i]);
    memcpy(l.at + l.len, "}\n", TAIL);
    ssize_t done = write(STDERR_FILENO, l.at, l.len + TAIL);
    (void)done; /* nobody is left to tell */
}
