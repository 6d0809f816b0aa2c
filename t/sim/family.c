/* Families: a call and its legs have time and chance of their own. */
#include "family.h"

#include "clock.h"
#include "mem.h"
#include "sign.h"

static struct family *current;

struct family *family_new(void)
{
    struct family *f = keep(sizeof *f);
    *f = (struct family){ .stream = chance() };
    return f;
}

struct family *family_enter(struct family *f)
{
    struct family *before = current;
    current = f;
    chance_from(f != NULL ? &f->stream : NULL);
    return before;
}

struct family *family_current(void)
{
    return current;
}

void family_ask(struct family *f, int64_t until)
{
    if (f->asking++ == 0 || until < f->until) f->until = until;
}

void family_answered(struct family *f)
{
    if (--f->asking == 0) clock_release(f);
}

bool family_waits(const struct family *f, int64_t due)
{
    return f != NULL && f->asking > 0 && due > f->until;
}
