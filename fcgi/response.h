/* A response: built in the arena, written once. */
#ifndef RESPONSE_H
#define RESPONSE_H
#include "request.h"

struct sink;

/* Writes a body of any length piece by piece. What fails before the first byte is answered as any other failure; after
 * it the connection is cut, so that half a body is never taken for a whole one. */
typedef enum err stream_fn(struct req *, struct sink *);

struct res {
    int         status;
    const char *type; /* Content-Type */
    const char *body;
    size_t      len;
    const char *head;   /* more header lines, each ended by CR LF; NULL: none */
    stream_fn  *stream; /* NULL: body and len are the body */
};

/* Where a stream goes to. */
struct sink {
    struct FCGX_Request *fc;
    const struct res    *rs;
    bool (*told)(void); /* whether this process was told to end */
    bool began, cut;
};

/** Sends bytes of a stream, and before the first of them the head. False: the client has gone, or this process was told
 * to end, which has cut the stream: whoever kills it later would end it as if it were whole. */
bool sink_put(struct sink *, const void *, size_t) MUST_CHECK;

/** Ends a stream so that nginx cuts the client's connection instead of ending the body. */
void sink_cut(struct sink *);

/** Answers with a JSON document, usually one that PostgreSQL built. Always OK. */
enum err res_json(struct res *, int status, const char *json);

/** Adds a header line. INVALID if the value holds bytes a header must not. */
enum err res_header(struct ctx *, struct res *, const char *name, const char *value) MUST_CHECK;

/** Sends the whole response with its Content-Length. A client that has gone is not an error. */
void res_send(const struct res *, struct FCGX_Request *);

#endif
