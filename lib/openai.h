/* Transcription and chat of any OpenAI-compatible endpoint. */
#ifndef OPENAI_H
#define OPENAI_H
#include "http.h"
#include "json.h"

/* What both requests share. Outputs: retry_after_s, what the server asked for when it refused, -1 if nothing; quota, it
 * refused because the money is used up. */
struct openai {
    bool (*goes_on)(void *); /* as in struct http_request */
    void   *goes_on_arg;
    int64_t retry_after_s;
    bool    quota;
};

/* Failures of both requests:
 *   NOT_CONFIGURED    neither a key nor a server of one's own is set
 *   UPSTREAM_AUTH     the key, the model or the quota is refused: somebody must cure it
 *   RATE_LIMITED, UPSTREAM, UNAVAILABLE, UNKNOWN   later, perhaps; after UNKNOWN the request may have been paid for
 *   UPSTREAM_REFUSED  this request is refused for what it holds
 *   MALFORMED, TOO_LARGE   the reply cannot be used; it was paid for */

/** NOT_CONFIGURED, naming the settings, unless requests can be made. */
enum err openai_ready(struct ctx *) MUST_CHECK;

/* A WAV file, and who shall hear it. language: ISO 639-1; NULL: the model finds out. */
struct openai_audio {
    const char *model, *language;
    const void *wav;
    size_t      len;
};

/** Text of a WAV file of at most TRANSCRIBE_MAX bytes: asks for segments with times (verbose_json), and where the model
 *  has none for plain text. The reply is read by transcript_add().
 *  https://platform.openai.com/docs/api-reference/audio/createTranscription */
enum err openai_transcribe(struct ctx *, struct openai *, const struct openai_audio *,
                           const struct json **out) MUST_CHECK;

/** Asks for a JSON document of the given schema, and where the server knows no schemas for any JSON object: the caller
 *  checks it. out: the document as text.
 *  https://platform.openai.com/docs/api-reference/chat/create */
enum err openai_chat(struct ctx *, struct openai *, const char *system, const char *user, const char *schema,
                     const char **out) MUST_CHECK;

/** The models that the server has, as its document; *out is read with json_get(). Nothing is paid for it.
 *  https://platform.openai.com/docs/api-reference/models/list */
enum err openai_models(struct ctx *, const struct json **out) MUST_CHECK;

/** The address that requests go to, without what it may hold of a user and a password. */
const char *openai_endpoint(struct ctx *);

/** Records what a reply other than 200 means. */
enum err openai_refused(struct ctx *, const struct http_reply *);

/** The text of the first choice of a chat's reply. MALFORMED: there is none, it was cut, filtered or refused. */
enum err openai_content(struct ctx *, const char *body, size_t len, const char **out) MUST_CHECK;

#endif
