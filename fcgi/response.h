/* A response: built in the arena, written once. */
#ifndef RESPONSE_H
#define RESPONSE_H
#include "request.h"

struct res {
    int         status;
    const char *type; /* Content-Type */
    const char *body;
    size_t      len;
    const char *head; /* more header lines, each ended by CR LF; NULL: none */
};

/** Answers with a JSON document, usually one that PostgreSQL built. Always OK. */
enum err res_json(struct res *, int status, const char *json);

/** Adds a header line. INVALID if the value holds bytes a header must not. */
enum err res_header(struct ctx *, struct res *, const char *name, const char *value) MUST_CHECK;

/** Sends the whole response with its Content-Length. A client that has gone is not an error. */
void res_send(const struct res *, struct FCGX_Request *);

#endif
