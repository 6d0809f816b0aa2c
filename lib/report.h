/* Reports of clients as mails. */
#ifndef REPORT_H
#define REPORT_H
#include "ctx.h"

struct report_mail {
    const char *subject, *html, *text;
};

/** Renders a report from its words, as report_words() of migrations/0047 builds them. */
enum err report_render(struct ctx *, const char *words, struct report_mail *out) MUST_CHECK;

#endif
