/* Lists by cursor: {"data":[...],"next_cursor"} and Link: rel="next". */
#ifndef PAGE_H
#define PAGE_H
#include "route.h"

/* ?limit=1..100 (25) &cursor= &count=true: what every list takes, in rq->args. */
struct page_args {
    const int64_t *limit;
    const char    *cursor;
    const bool    *count;
    const char    *number; /* of search_query alone: rows of that number */
    const char    *part;   /* of search_query and part_query: rows whose name holds it, or whose number does */
};
extern const struct fields page_query, part_query, search_query;

/** Answers with the page that a statement of the shape of sql/contacts_page.sql builds. A list is newest first, and its
 * cursor is the last row's place, so that rows which come meanwhile neither repeat nor hide any. INVALID: the cursor.
 */
enum err page_send(struct req *, struct res *, const struct db_stmt *) MUST_CHECK;

/* How a list is searched: statements of the shape of sql/contacts_search.sql; NULL: it is not. */
struct page_search {
    const struct db_stmt *number, *part; /* for ?number= and ?q= */
};

/** The same, and with ?number= or ?q= the page that the search builds. A tenant that seals its numbers finds them by
 * their tokens, and its names not at all. INVALID: both. */
enum err page_search(struct req *, struct res *, const struct db_stmt *list, const struct page_search *) MUST_CHECK;

/** Link: rel="next" with all that this page asked for, by the query's table; next NULL: none. RFC 8288. */
enum err page_link(struct req *, struct res *, const struct fields *query, const char *next) MUST_CHECK;

/** "<number>.<uuid>", a place in a list. False: it is something else. */
bool page_cursor(struct arena *, const char *text, int64_t *number, const char **id);

#endif
