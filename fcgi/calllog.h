/* What may be looked for in the call log: the same for its pages and its exports. */
#ifndef CALLLOG_H
#define CALLLOG_H
#include "page.h"

struct call_args {
    struct page_args page;
    const char      *sort, *dialect;
    const char      *client_id, *user_id, *number_id, *campaign_id, *contact_id, *direction, *status, *outcome;
    const char      *missed_reason, *kind, *source, *country, *customer_number, *number, *tag, *disposition;
    const char      *lead_status, *from, *to, *text;
    const bool      *voicemail, *test, *has_recording, *unreturned;
    const int64_t   *min_talk, *max_talk;
};

/** What is asked for as calls_where() of the database takes it. INVALID: text of transcripts, where they are sealed. */
enum err calllog_filter(struct ctx *, const struct fields *, const struct call_args *, const char **out) MUST_CHECK;

extern const struct fields calls_query, calls_export_query;

#endif
