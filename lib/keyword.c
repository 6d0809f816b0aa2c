/* Keywords in what was said, and in topics. */
#include "keyword.h"

#include "buf.h"
#include "limit.h"
#include "said.h"
#include "sql.h"

#include <string.h>

enum { TAGS_MAX = 256 * 1024, TOPICS_MAX = 64 * 1024 };

static void add(struct buf *b, const char *tag)
{
    buf_str(b, b->len > 1 ? "," : "");
    buf_json(b, tag);
}

static enum err done(struct ctx *cx, struct buf *b, const char **tags)
{
    buf_str(b, "]");
    if (b->full) return ctx_fail(cx, ERR_TOO_LARGE, "the keywords make over %d bytes of tags", TAGS_MAX);
    *tags = b->at;
    return OK;
}

enum err keyword_said(struct ctx *cx, const struct transcript *t, const char **tags)
{
    struct db_rows rows;
    struct said    said;
    struct buf     b = buf_new(cx->arena, TAGS_MAX);
    TRY(sql_keywords_of(cx, &rows));
    const struct sql_keywords_of *k = rows.v;
    said_listen(cx, t, &said);
    buf_str(&b, "[");
    for (size_t i = 0; i < rows.n; i++)
        if (said_by(cx, &said, k[i].heard_from, k[i].phrase)) add(&b, k[i].tag);
    return done(cx, &b, tags);
}

enum err keyword_topics(struct ctx *cx, const char *topics, const char **tags)
{
    struct db_rows     rows;
    const struct json *list = NULL;
    struct transcript  t = { .n = 0 };
    struct said        said;
    struct buf         b = buf_new(cx->arena, TAGS_MAX);
    TRY(sql_keywords_of(cx, &rows));
    TRY(json_parse(cx, topics, strlen(topics), TOPICS_MAX, &list));
    for (const struct json *i = json_first(list); i != NULL; i = json_next(i))
        transcript_put(cx, &t, &(const struct segment){ "unknown", 0, 0, json_text(i) });
    const struct sql_keywords_of *k = rows.v;
    said_listen(cx, &t, &said);
    buf_str(&b, "[");
    for (size_t i = 0; i < rows.n; i++)
        if (strcmp(k[i].heard_from, "topics") == 0 && said_by(cx, &said, "anybody", k[i].phrase)) add(&b, k[i].tag);
    return done(cx, &b, tags);
}
