/* Requests about phone numbers: kept for the ledger as they came, and made to fail. */
#include "fault.h"
#include "papers.h"
#include "rest.h"

#include <stdlib.h>
#include <string.h>

/* Fault number_status: kind is the method, number that of the form; code: Twilio's own, for a 4xx. */
static const struct fault *fault_of(const char *name, const struct request *q)
{
    const struct occasion o = { .kind = q->method, .to = form_get(&q->form, "PhoneNumber") };
    return fault_at(name, &o);
}

bool noted_about(const struct request *q)
{
    return strstr(q->path, "PhoneNumbers") != NULL || strstr(q->path, "/RegulatoryCompliance/") != NULL
           || strstr(q->path, "/Addresses") != NULL;
}

bool noted_fails(const struct request *q, struct reply *r)
{
    const struct fault *f = strstr(q->path, "IncomingPhoneNumbers") != NULL ? fault_of("number_status", q) : NULL;
    if (f == NULL) return false;
    const int status = f->status > 0 ? f->status : 500, code = f->code != NULL ? (int)strtol(f->code, NULL, 10) : 20500;
    rest_fail(r, status, code, "A refusal that was asked for");
    return true;
}

void noted_keep(const struct request *q, struct reply *r)
{
    const bool          changes = strstr(q->path, "IncomingPhoneNumbers") != NULL && strcmp(q->method, "GET") != 0;
    const struct fault *cut = changes && r->status < 300 ? fault_of("number_cut", q) : NULL;
    struct noted       *n = keep(sizeof *n);
    struct buf          b = { 0 };
    form_encode(strcmp(q->method, "GET") == 0 ? &q->query : &q->form, &b);
    buf_str(&b, "");
    if (cut != NULL) r->cut_at = cut->at_byte;
    *n = (struct noted){ .method = keep_str(q->method),
                         .path = keep_str(q->path),
                         .params = keep_str(b.at),
                         .status = r->status,
                         .cut_at = r->cut_at,
                         .at = clock_wall_ms() };
    buf_free(&b);
    list_add(&world.noted, n);
}

cJSON *noted_show(const struct noted *n)
{
    cJSON *o = cJSON_CreateObject();
    json_text(o, "method", n->method);
    json_text(o, "path", n->path);
    json_text(o, "params", n->params);
    json_int(o, "status", n->status);
    if (n->cut_at >= 0) json_int(o, "cut_at", n->cut_at);
    else json_text(o, "cut_at", NULL);
    json_time(o, "at", n->at);
    return o;
}
