/* Charts for mails: inline SVG of bars, with their numbers as text for who cannot see them. */
#ifndef CHART_H
#define CHART_H
#include "json.h"

enum { CHART_BARS_MAX = 62, CHART_MAX = 64 * 1024 };

/** Bars of a list of objects: each has short (its label), and whole numbers under the names below and above (stacked on
 * it; NULL: none). title names the chart. The result is an <svg role="img"> whose <title> and <desc> say all of it, ""
 * for an empty list. INVALID: over CHART_BARS_MAX bars, or a number is none. Colours follow the classes a, b and t of
 * the page. */
enum err chart_bars(struct ctx *, const char *title, const struct json *list, const char *below, const char *above,
                    const char **out) MUST_CHECK;

#endif
