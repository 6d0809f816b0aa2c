/* Every webhook of Twilio: verified, made an event, answered. One handler, for spool, replay and reconciliation must
 * come the same way. */
#include "hook.h"

#include "check.h"
#include "clock.h"
#include "flow.h"
#include "id.h"
#include "log.h"
#include "problem.h"
#include "render.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

enum { HOOK_CAP = 1 << 20 };

void hook_push(struct hook_list *l, struct hook *h)
{
    h->next = NULL;
    if (l->first == NULL) l->first = h;
    else l->last->next = h;
    l->last = h;
    l->n++;
}

struct hook *hook_pop(struct hook_list *l)
{
    struct hook *h = l->first;
    if (h == NULL) return NULL;
    l->first = h->next;
    l->n--;
    return h;
}

struct hook *hook_take(struct hook_pool *p)
{
    struct hook *h = p->idle;
    if (h != NULL) {
        p->idle = h->next;
    } else {
        h = arena_alloc(p->home, sizeof *h);
        h->arena = arena_new(HOOK_CAP);
        if (h->arena == NULL) abort(); /* the parent starts another */
    }
    *h = (struct hook){ .arena = h->arena, .cx = { .arena = h->arena, .cfg = p->cfg }, .began_us = clock_us() };
    h->rq.ctx = &h->cx;
    id_uuid7(h->cx.id);
    p->in_flight++;
    return h;
}

void hook_give_back(struct hook_pool *p, struct hook *h)
{
    arena_reset(h->arena);
    h->next = p->idle;
    p->idle = h;
    p->in_flight--;
}

void hook_refuse(struct hook *h, const char *allow)
{
    problem(&h->rq, &h->rs, allow);
}

/* Does the answer name the customer, or hold what is told to one call alone? A customer's call is answered as its
 * number is set; all others ring him, or go where his other leg is. */
static bool of_party(const struct event *ev, const struct plan *p)
{
    const char *from = form_get(&ev->form, "From");
    if (p->n == 0) return false;
    if (ev->intent != NULL || ev->kind == EVENT_BROWSER || (from != NULL && strncmp(from, "client:", 7) == 0))
        return true;
    for (size_t i = 0; i < p->n; i++) {
        const struct step *s = &p->v[i];
        if (s->kind == STEP_ROOM) return true;
        if (s->kind == STEP_DIAL && (ev->kind == EVENT_DIAL || strncmp(s->to, "client:", 7) == 0)) return true;
    }
    return false;
}

void hook_answer(struct hook *h, const struct plan *p)
{
    h->of_party = of_party(&h->ev, p);
    h->rs = (struct res){ .status = 200, .type = "text/xml; charset=utf-8" };
    if (render_plan(&h->cx, p, &h->rs.body, &h->rs.len) != OK) hook_refuse(h, NULL);
}

/* The fields that Twilio signed and that say what happened: of the body, or of the query for GET. */
static enum err read_fields(struct hook *h)
{
    static const char form[] = "application/x-www-form-urlencoded";
    struct req       *rq = &h->rq;
    const bool        get = rq->method == METHOD_GET;
    const char       *raw = get ? rq->query : rq->body.at;
    size_t            len = get ? strlen(rq->query) : rq->body.n;
    if (!get && strncmp(rq->content_type, form, sizeof form - 1) != 0 && len > 0)
        return ctx_fail(&h->cx, ERR_MALFORMED, "content type: expected %s", form);
    h->ev.raw = (struct db_bytes){ raw, len };
    return form_parse(&h->cx, raw, len, &h->ev.form);
}

static bool verified(struct hook *h, const struct config *cfg, const struct account *acc)
{
    static const struct form  none = { .n = 0 };
    const struct req         *rq = &h->rq;
    const struct sign_request r = { .url = arena_printf(h->arena, "%s%s", cfg->public_url, rq->uri),
                                    .content_type = rq->content_type,
                                    .form = rq->method == METHOD_GET ? &none : &h->ev.form,
                                    .body = rq->body.at,
                                    .len = rq->body.n,
                                    .signature = rq->signature };
    return sign_valid(h->arena, &r, acc->tokens, acc->ntokens);
}

static enum hook_state refused(struct hook *h, enum err e, const char *why)
{
    (void)ctx_fail(&h->cx, e, "%s", why);
    hook_refuse(h, NULL);
    return HOOK_ANSWERED;
}

enum hook_state hook_verify(struct hook *h, const struct config *cfg, const struct accounts *accounts,
                            enum hook_verdict verdict)
{
    const char *allow = NULL, *sid, *intent;
    if (h->rq.route == NULL && (route_find(&h->rq, POOL_HOOKS, &allow) != OK || read_fields(h) != OK)) {
        hook_refuse(h, allow);
        return HOOK_ANSWERED;
    }
    sid = form_get(&h->ev.form, "AccountSid");
    if (sid == NULL || !check_sid(sid, "AC") || strlen(h->rq.signature) == 0)
        return refused(h, ERR_SIGNATURE, "Invalid signature");
    const struct account *acc = accounts_find(accounts, sid);
    h->blamed = acc == NULL ? NULL : arena_strdup(h->arena, acc->tenant); /* the cache may be replaced meanwhile */
    if (acc == NULL || !verified(h, cfg, acc))
        return verdict >= (acc == NULL ? VERDICT_FINAL : VERDICT_FRESH) ? refused(h, ERR_SIGNATURE, "Invalid signature")
                                                                        : HOOK_UNSURE;
    intent = h->rq.param[0];
    h->ev.kind = (enum event_kind)h->rq.route->arg;
    h->ev.account_sid = sid;
    h->ev.tenant = h->blamed;
    h->blamed = NULL;
    h->ev.intent = intent != NULL && check_uuid(intent) ? intent : NULL;
    h->ev.then_phone = strcmp(h->rq.query, FLOW_THEN_PHONE) == 0;
    h->ev.received_ms = clock_unix_ms();
    return HOOK_WAITS;
}

void hook_settle(struct hook *h, const struct accounts *accounts)
{
    const struct account *acc = accounts_find(accounts, h->ev.account_sid);
    h->ev.veil = NULL;
    if (acc != NULL && acc->veil != NULL) {
        struct veil *veil = arena_alloc(h->arena, sizeof *veil);
        *veil = *acc->veil; /* the cache may be replaced meanwhile */
        veil->tenant = h->ev.tenant;
        h->ev.veil = veil;
    }
    event_digest(&h->cx, &h->ev);
}

void hook_log(const struct hook *h)
{
    const char   *sid = form_get(&h->ev.form, "CallSid");
    const int64_t us = clock_us() - h->began_us;
    LOG(h->rs.status >= 500 ? LOG_ERROR : LOG_INFO, "request", LOG_TEXT("req", h->cx.id), LOG_TEXT("route", h->rq.path),
        LOG_NUM("status", h->rs.status), LOG_NUM("us", us), LOG_NUM("db_us", h->db_us),
        LOG_TEXT("tenant", h->ev.tenant), LOG_TEXT("call_sid", sid != NULL && check_sid(sid, "CA") ? sid : NULL),
        LOG_TEXT("err", h->cx.err.code == OK ? NULL : error_word(h->cx.err.code)),
        LOG_TEXT("why", h->cx.err.code == OK ? NULL : h->cx.err.msg));
}
