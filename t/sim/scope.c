/* Scopes: the part of the world that belongs to some numbers, so that many can share one simulator. */
#include "scope.h"

#include "rec.h"

#include <stdlib.h>
#include <string.h>

bool scope_number(const struct scope *s, const char *address)
{
    for (size_t i = 0; !s->all && i < s->query->n; i++) {
        const struct pair *p = &s->query->v[i];
        if (strcmp(p->name, "number") == 0 && address != NULL && strcmp(p->value, address) == 0) return true;
    }
    return s->all;
}

bool scope_url(const struct scope *s, const char *url)
{
    const char *own = form_get(s->query, "own");
    return s->all || (own != NULL && url != NULL && strncmp(url, own, strlen(own)) == 0);
}

struct scope scope_of(const struct form *query)
{
    struct scope s = { .query = query, .all = !form_has(query, "number") && !form_has(query, "own") };
    for (size_t i = 0; !s.all && i < world.calls.n; i++) {
        struct call *root = world.calls.v[i];
        while (root->parent != NULL) root = root->parent;
        if (scope_number(&s, root->from) || scope_number(&s, root->to)) list_add(&s.calls, world.calls.v[i]);
    }
    return s;
}

void scope_free(struct scope *s)
{
    free(s->calls.v);
}

bool scope_call(const struct scope *s, const char *sid)
{
    for (size_t i = 0; sid != NULL && i < s->calls.n; i++)
        if (strcmp(((const struct call *)s->calls.v[i])->sid, sid) == 0) return true;
    return s->all;
}

bool scope_hook(const struct scope *s, const struct delivery *d)
{
    return scope_call(s, d->call) || scope_url(s, d->url);
}

bool scope_recording(const struct scope *s, const struct recording *r)
{
    return r->call != NULL ? scope_call(s, r->call->sid) : scope_url(s, r->report.url);
}
