/* The database itself: looked for and created from the server's own "postgres". */
#include "db_create.h"

#include <libpq-fe.h>
#include <string.h>

/* The value of a keyword in conninfo; NULL: not there. */
static const char *part(struct ctx *cx, const char *conninfo, const char *keyword)
{
    PQconninfoOption *all = PQconninfoParse(conninfo, NULL);
    const char       *value = NULL;
    for (PQconninfoOption *o = all; o != NULL && o->keyword != NULL; o++)
        if (strcmp(o->keyword, keyword) == 0 && o->val != NULL) value = arena_strdup(cx->arena, o->val);
    PQconninfoFree(all);
    return value;
}

bool db_local(struct ctx *cx, const char *conninfo)
{
    const char *host = part(cx, conninfo, "host");
    return part(cx, conninfo, "hostaddr") == NULL && (host == NULL || *host == '/' || *host == '\0');
}

static enum err create(struct ctx *cx, PGconn *c, const char *name)
{
    char       *quoted = PQescapeIdentifier(c, name, strlen(name));
    const char *text = arena_printf(cx->arena, "create database %s encoding 'UTF8' template template0", quoted);
    PGresult   *r = PQexecParams(c, text, 0, NULL, NULL, NULL, NULL, 0);
    enum err    e = OK;
    if (PQresultStatus(r) != PGRES_COMMAND_OK) e = ctx_fail(cx, ERR_INVALID, "database: %.180s", PQerrorMessage(c));
    PQclear(r);
    PQfreemem(quoted);
    return e;
}

static enum err missing(struct ctx *cx, PGconn *c, const char *name, bool *out)
{
    const char *const values[] = { name };
    PGresult         *r = PQexecParams(c, "select from pg_database where datname = $1", 1, NULL, values, NULL, NULL, 0);
    enum err          e = OK;
    if (PQresultStatus(r) == PGRES_TUPLES_OK) *out = PQntuples(r) == 0;
    else e = ctx_fail(cx, ERR_UNAVAILABLE, "database: %.180s", PQerrorMessage(c));
    PQclear(r);
    return e;
}

enum err db_create(struct ctx *cx, const char *conninfo, bool *made)
{
    const char       *name = part(cx, conninfo, "dbname");
    const char *const names[] = { "dbname", "dbname", "application_name", "connect_timeout", NULL };
    const char *const values[] = { conninfo, "postgres", "switchhook setup", "5", NULL };
    bool              absent = false;
    if (name == NULL) return ctx_fail(cx, ERR_INVALID, "DATABASE_URL names no database");
    PGconn  *c = PQconnectdbParams(names, values, 1); /* what comes later in the list wins */
    enum err e = OK;
    if (PQstatus(c) != CONNECTION_OK) e = ctx_fail(cx, ERR_UNAVAILABLE, "database: %.180s", PQerrorMessage(c));
    if (e == OK) e = missing(cx, c, name, &absent);
    if (e == OK && absent) e = create(cx, c, name);
    PQfinish(c);
    *made = e == OK && absent;
    return e;
}
