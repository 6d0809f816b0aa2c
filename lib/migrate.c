/* Migrations: checksums, one advisory lock, one transaction each. The only module that runs SQL text as it comes. */
#include "migrate.h"

#include "zone.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

static const char ledger[] =
    "create table if not exists schema_migrations (version bigint primary key, name text not null,"
    " checksum text not null, applied_at timestamptz not null default now());"
    "grant select on schema_migrations to public";

/* Which zones a country has, %s, as far as the server knows them by name; countries that are gone stay. */
#define ZONES                                                                                          \
    "do $zones$ begin if to_regclass('public.region_zones') is null then return; end if;"              \
    " insert into region_zones (region, zones) select r.key, array_agg(z.name order by z.name)"        \
    " from jsonb_each('%s') r, jsonb_array_elements_text(r.value) w(name), pg_timezone_names z"        \
    " where z.name = w.name group by r.key on conflict (region) do update set zones = excluded.zones;" \
    " if not found then raise exception 'the server knows no time zone by name'; end if; end $zones$"

static enum err refused(struct ctx *cx, PGconn *c, const PGresult *r, const char *what)
{
    const char *why = r == NULL ? PQerrorMessage(c) : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *at = r == NULL ? NULL : PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    enum err    e = PQstatus(c) == CONNECTION_OK ? ERR_INVALID : ERR_UNAVAILABLE;
    return ctx_fail(cx, e, "%s: %.150s%s%s", what, why == NULL ? PQerrorMessage(c) : why,
                    at == NULL ? "" : " at character ", at == NULL ? "" : at);
}

static enum err run(struct ctx *cx, PGconn *c, const char *what, const char *sql)
{
    PGresult      *r = PQexec(c, sql);
    ExecStatusType st = PQresultStatus(r);
    enum err       e = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK ? OK : refused(cx, c, r, what);
    PQclear(r);
    return e;
}

static enum err connect(struct ctx *cx, const char *conninfo, PGconn **out)
{
    const char *const names[] = { "dbname", "application_name", "connect_timeout", NULL };
    const char *const values[] = { conninfo, "switchhook migrate", "5", NULL };
    PGconn           *c = PQconnectdbParams(names, values, 1);
    if (PQstatus(c) != CONNECTION_OK) {
        enum err e = ctx_fail(cx, ERR_UNAVAILABLE, "database: %s", PQerrorMessage(c));
        PQfinish(c);
        return e;
    }
    *out = c;
    return run(cx, c, "session", "set client_min_messages = warning; set lock_timeout = '60s'");
}

static struct migration *find(struct migrations *all, int64_t version)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].version == version) return &all->v[i];
    return NULL;
}

static enum err compare(struct ctx *cx, struct migrations *all, const PGresult *r)
{
    int64_t last = 0;
    for (int i = 0; i < PQntuples(r); i++) {
        const char       *name = PQgetvalue(r, i, 1);
        struct migration *m = find(all, strtoll(PQgetvalue(r, i, 0), NULL, 10));
        if (m == NULL) return ctx_fail(cx, ERR_CONFLICT, "%s is applied, but its file is missing", name);
        if (strcmp(m->checksum, PQgetvalue(r, i, 2)) != 0 && !migrate_mended(m->version, PQgetvalue(r, i, 2)))
            return ctx_fail(cx, ERR_CONFLICT, "%s was edited after it was applied: restore it, and write a new one",
                            name);
        m->applied_at = arena_strdup(cx->arena, PQgetvalue(r, i, 3));
        last = m->version;
    }
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].applied_at == NULL && all->v[i].version < last)
            return ctx_fail(cx, ERR_CONFLICT, "%s comes before a migration that is applied: give it a higher number",
                            all->v[i].name);
    return OK;
}

static enum err history(struct ctx *cx, PGconn *c, struct migrations *all)
{
    static const char rows[] = "select version, name, checksum, to_char(applied_at at time zone 'utc',"
                               " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from schema_migrations order by version";
    PGresult         *r = PQexec(c, "select to_regclass('public.schema_migrations') is not null");
    bool              known = PQresultStatus(r) == PGRES_TUPLES_OK && PQgetvalue(r, 0, 0)[0] == 't';
    PQclear(r);
    if (!known) return OK;
    r = PQexec(c, rows);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? compare(cx, all, r) : refused(cx, c, r, "schema_migrations");
    PQclear(r);
    return e;
}

static enum err record(struct ctx *cx, PGconn *c, const struct migration *m)
{
    static const char insert[] = "insert into schema_migrations (version, name, checksum) values ($1::bigint, $2, $3)";
    const char *const values[] = { arena_printf(cx->arena, "%lld", (long long)m->version), m->name, m->checksum };
    PGresult         *r = PQexecParams(c, insert, 3, NULL, values, NULL, NULL, 0);
    enum err          e = PQresultStatus(r) == PGRES_COMMAND_OK ? OK : refused(cx, c, r, m->name);
    PQclear(r);
    return e;
}

/* A migration takes the role it wants for its transaction; the ledger belongs to whoever runs us. */
static enum err apply(struct ctx *cx, PGconn *c, struct migration *m)
{
    TRY(run(cx, c, m->name, "begin"));
    TRY(run(cx, c, m->name, m->sql));
    if (PQtransactionStatus(c) != PQTRANS_INTRANS)
        return ctx_fail(cx, ERR_INVALID, "%s ends its transaction by itself", m->name);
    TRY(run(cx, c, m->name, "reset role"));
    TRY(record(cx, c, m));
    TRY(run(cx, c, m->name, "commit"));
    m->fresh = true;
    m->applied_at = "now";
    return OK;
}

static enum err up(struct ctx *cx, PGconn *c, struct migrations *all)
{
    const char *table;
    TRY(run(cx, c, "lock", "select pg_advisory_lock(hashtext('switchhook migrate'))"));
    TRY(run(cx, c, "schema_migrations", ledger));
    TRY(history(cx, c, all));
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].applied_at == NULL) TRY(apply(cx, c, &all->v[i]));
    zone_table(cx, NULL, &table);
    return table == NULL ? OK : run(cx, c, "region_zones", arena_printf(cx->arena, ZONES, table));
}

enum err migrate_status(struct ctx *cx, const char *conninfo, const char *dir, struct migrations *out)
{
    PGconn *c;
    TRY(migrate_dir(cx, dir, out));
    TRY(connect(cx, conninfo, &c));
    enum err e = history(cx, c, out);
    PQfinish(c);
    return e;
}

enum err migrate_up(struct ctx *cx, const char *conninfo, const char *dir, struct migrations *out)
{
    PGconn *c;
    TRY(migrate_dir(cx, dir, out));
    TRY(connect(cx, conninfo, &c));
    enum err e = up(cx, c, out);
    PQfinish(c); /* frees the lock, and rolls back what is open */
    return e;
}

enum err migrate_version(struct ctx *cx, const char *conninfo, int64_t *out)
{
    PGconn *c;
    TRY(connect(cx, conninfo, &c));
    PGresult   *r = PQexec(c, "select coalesce(max(version), 0) from schema_migrations");
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    bool        none = state != NULL && strcmp(state, "42P01") == 0; /* no such table: nothing is applied */
    enum err    e = PQresultStatus(r) == PGRES_TUPLES_OK || none ? OK : refused(cx, c, r, "schema_migrations");
    if (e == OK) *out = none ? 0 : strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    PQfinish(c);
    return e;
}

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

bool migrate_local(struct ctx *cx, const char *conninfo)
{
    const char *host = part(cx, conninfo, "host");
    return part(cx, conninfo, "hostaddr") == NULL && (host == NULL || *host == '/' || *host == '\0');
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

enum err migrate_create(struct ctx *cx, const char *conninfo, bool *made)
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
    if (e == OK && absent) {
        char *quoted = PQescapeIdentifier(c, name, strlen(name));
        e = run(cx, c, "create database",
                arena_printf(cx->arena, "create database %s encoding 'UTF8' template template0", quoted));
        PQfreemem(quoted);
    }
    PQfinish(c);
    *made = e == OK && absent;
    return e;
}
