/* Documents: fetched, checked, and executed verb by verb. */
#pragma once
#include "call.h"

#include <libxml/tree.h>

/** Fetches a document and runs it instead of the present one. more: parameters after the standard ones, taken over; may
 * be NULL. */
void run_url(struct call *c, const char *kind, const char *url, const char *method, struct form *more);
/** The same request for a call that is over: what comes back is ignored. */
void run_notify(struct call *c, const char *kind, const char *url, const char *method, struct form *more);
void run_text(struct call *c, const char *text, size_t len, const char *url);
/** Goes on with the next verb. */
void run_next(struct call *c);
/** The same after some simulated ms. */
void run_after(struct call *c, int64_t ms);
/** Says that an application error has occurred and hangs up. */
void run_failed(struct call *c);
void run_drop(struct call *c);

/** Attributes, kept; NULL or the default if absent. */
const char    *run_attr(const xmlNode *n, const char *name);
int64_t        run_attr_s(const xmlNode *n, const char *name, int64_t seconds); /* in ms */
bool           run_attr_is(const xmlNode *n, const char *name, const char *value);
/** The text inside, blanks around it removed; kept. */
const char    *run_content(const xmlNode *n);
const xmlNode *run_child(const xmlNode *n); /* first element inside */
const xmlNode *run_sibling(const xmlNode *n);
/** An attribute that is a URL, made absolute; NULL if absent. */
const char    *run_attr_url(const struct call *c, const xmlNode *n, const char *name);

/** How long Say, Play and Pause take; what is said is put on the recordings of the call. */
int64_t run_spoken(struct call *c, const xmlNode *n);
