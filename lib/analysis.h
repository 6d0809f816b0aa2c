/* What a model reads in a transcript: asked for by schema, believed only where it can be checked. */
#ifndef ANALYSIS_H
#define ANALYSIS_H
#include "transcript.h"

struct analysis {
    const char *sentiment; /* "positive", "neutral" or "negative" */
    const char *score;     /* -1 to 1, three decimals */
    const char *summary;
    const char *action_items; /* [{"text","owner","quote"},...]: each quote stands in the transcript */
    const char *topics;       /* ["...",...] */
};

/** The schema of the answer, in the subset that strict mode takes.
 *  https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
extern const char analysis_schema[];

/** What the model shall do. */
extern const char analysis_task[];

/** The transcript between two marks that nobody can guess: whatever is said in a call is data and no instruction. */
enum err analysis_question(struct ctx *, const struct transcript *, const char **out) MUST_CHECK;

/** Reads an answer. MALFORMED, naming the member, for anything the schema does not allow. Action items whose quote does
 * not stand in the transcript are left out; case, punctuation and blanks do not count. */
enum err analysis_read(struct ctx *, const char *answer, const struct transcript *, struct analysis *out) MUST_CHECK;

#endif
