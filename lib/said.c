/* Words that were said, made comparable. */
#include "said.h"

#include "limit.h"

#include <ctype.h>
#include <string.h>

enum { QUOTE_MAX = 500 };

/* Words in lower case with one blank before, between and behind them, so that only whole words are found. */
static void plain(struct buf *b, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++) {
        const bool word = isalnum(*p) || *p >= 0x80;
        const char c = word ? (char)tolower(*p) : ' ';
        if (*p == '\'') continue; /* don't, dont */
        if (word || b->len == 0 || b->at[b->len - 1] != ' ') buf_add(b, &c, 1);
    }
    if (b->len == 0 || b->at[b->len - 1] != ' ') buf_add(b, " ", 1);
}

static struct buf begun(struct ctx *cx)
{
    struct buf b = buf_new(cx->arena, (size_t)2 * TRANSCRIPT_MAX);
    buf_str(&b, " ");
    return b;
}

void said_listen(struct ctx *cx, const struct transcript *t, struct said *out)
{
    *out = (struct said){ begun(cx), begun(cx), begun(cx) };
    for (size_t i = 0; i < t->n; i++) {
        plain(&out->all, t->v[i].text);
        plain(strcmp(t->v[i].speaker, "agent") == 0 ? &out->agent : &out->customer, t->v[i].text);
    }
}

/* NULL: nothing that could have been said. */
static const char *wanted(struct ctx *cx, const char *quote)
{
    struct buf q = buf_new(cx->arena, (size_t)2 * QUOTE_MAX);
    buf_str(&q, " ");
    plain(&q, quote);
    return q.len > 1 && !q.full ? q.at : NULL;
}

bool said_at_all(struct ctx *cx, const struct said *s, const char *quote)
{
    const char *q = wanted(cx, quote);
    return q != NULL
           && (strstr(s->all.at, q) != NULL || strstr(s->customer.at, q) != NULL || strstr(s->agent.at, q) != NULL);
}

bool said_by(struct ctx *cx, const struct said *s, const char *who, const char *phrase)
{
    const char *q = wanted(cx, phrase);
    if (q == NULL) return false;
    if (strcmp(who, "agent") == 0) return strstr(s->agent.at, q) != NULL;
    if (strcmp(who, "customer") == 0) return strstr(s->customer.at, q) != NULL;
    return strcmp(who, "anybody") == 0 && said_at_all(cx, s, phrase);
}
