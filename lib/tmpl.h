/* Templates of mails: a part of mustache over JSON. https://mustache.github.io/mustache.5.html
 *   {{name}} {{a.b}} {{.}}   the value, escaped in HTML; nothing where there is none
 *   {{&name}}                as it is: of what we made ourselves
 *   {{#name}}...{{/name}}    for each of a list; else once with the value as the context, unless it is false, null, "",
 *                            0 or absent
 *   {{^name}}...{{/name}}    where the section above would be left out
 * Names are looked for from the innermost context outwards. */
#ifndef TMPL_H
#define TMPL_H
#include "json.h"

enum tmpl_kind { TMPL_TEXT, TMPL_HTML };

enum { TMPL_DEPTH = 8, TMPL_OUT_MAX = 384 * 1024 };

/** Renders a template; the result lives in the arena. INVALID: a section is not closed or too deep, a tag not ended.
 * TOO_LARGE: over TMPL_OUT_MAX bytes. Whatever the data are, they cannot become tags or, in HTML, markup. */
enum err tmpl_render(struct ctx *, enum tmpl_kind, const char *tmpl, const struct json *data,
                     const char **out) MUST_CHECK;

#endif
