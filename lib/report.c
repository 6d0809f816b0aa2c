/* Reports of clients as mails: figures that PostgreSQL has computed, in words and charts. */
#include "report.h"

#include "buf.h"
#include "chart.h"
#include "tmpl.h"

#include <string.h>

enum { WORDS_MAX = 1 << 20 };

static const char text_tmpl[] = "{{who}}\nCalls, {{period}} ({{zone}})\n\n"
                                "{{#cards}}{{name}}: {{value}}{{#change}} ({{change}}){{/change}}\n{{/cards}}\n"
                                "Day by day: calls, answered, missed\n"
                                "{{#days}}{{label}}: {{calls}}, {{answered}}, {{missed}}\n{{/days}}\n"
                                "{{#campaigns}}{{name}}: {{calls}} calls, {{answered}} answered, {{missed}} missed, "
                                "{{leads}} leads\n{{/campaigns}}\n{{href}}\n";

/* The page's own figures; changes are against the period before. Charts are drawn in the mail, and since some programs
 * leave drawings out, the table below says the same. */
static const char html_tmpl[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<meta name=\"color-scheme\" content=\"light dark\"><title>{{subject}}</title><style>"
    "body{margin:0;padding:24px 12px;background:#f4f5f7;color:#1c2430;font:16px/1.5 system-ui,sans-serif}"
    ".page{max-width:600px;margin:0 auto}.card{margin:0 0 16px;padding:16px 20px;background:#fff;"
    "border:1px solid #d8dde5;border-radius:8px}h1{margin:0;font-size:22px;line-height:1.3;overflow-wrap:anywhere}"
    "h2{margin:0 0 8px;font-size:16px}.dim{color:#5a6573}.grid{font-size:0;margin:0 -8px 8px}"
    ".cell{display:inline-block;box-sizing:border-box;width:33.33%;min-width:150px;padding:0 8px "
    "8px;vertical-align:top}"
    ".cell div{padding:10px 14px;background:#fff;border:1px solid #d8dde5;border-radius:8px;font-size:14px}"
    ".cell b{display:block;font-size:22px;line-height:1.3}table{width:100%;border-collapse:collapse;font-size:14px}"
    "th,td{padding:5px 8px 5px 0;border-bottom:1px solid #e4e8ee;text-align:right}"
    "th:first-child,td:first-child{text-align:left;min-width:72px;overflow-wrap:break-word}th{font-weight:600}"
    "svg{display:block;overflow:visible}"
    ".a{fill:#1d6fd8}.b{fill:#b3261e}.t{fill:#5a6573;font:11px system-ui,sans-serif}a{color:#0b57d0}"
    ".key i{display:inline-block;width:10px;height:10px;margin:0 4px 0 0;border-radius:2px;background:#1d6fd8}"
    ".key .m{background:#b3261e}.key span{margin-right:14px}"
    "@media(max-width:420px){.card{padding:14px 12px}table{font-size:12px}th,td{padding-right:4px}.t{font-size:17px}"
    ".cell{width:50%;min-width:0}.cell b{font-size:18px}}"
    "@media(prefers-color-scheme:dark){body{background:#12161c;color:#e8ecf1}.card,.cell div{background:#1b212a;"
    "border-color:#343d4a}.dim{color:#a7b1be}th,td{border-color:#343d4a}.a{fill:#6aa9ff}.b{fill:#ff8a80}"
    ".key i{background:#6aa9ff}.key .m{background:#ff8a80}"
    ".t{fill:#a7b1be}a{color:#8ab4f8}}"
    "</style></head><body><div class=\"page\"><div style=\"margin:0 0 16px\"><h1>{{who}}</h1>"
    "<span class=\"dim\">Calls, {{period}} ({{zone}})</span></div><div class=\"grid\">"
    "{{#cards}}<div class=\"cell\"><div><span class=\"dim\">{{name}}</span><b data-figure=\"{{key}}\">{{value}}</b>"
    "<span "
    "class=\"dim\">{{#change}}{{change}}{{/change}}{{^change}}&nbsp;{{/change}}</span></div></div>{{/cards}}</div>"
    "{{#empty}}<div class=\"card\">There were no calls.</div>{{/empty}}"
    "<div class=\"card\"><h2>Day by day</h2>{{&days_chart}}<p class=\"key dim\" style=\"margin:4px 0 12px;"
    "font-size:13px\"><span><i></i>answered</span>"
    "<span><i class=\"m\"></i>missed</span></p>"
    "<table><thead><tr><th scope=\"col\">Day</th><th scope=\"col\">Calls</th><th scope=\"col\">Answered</th>"
    "<th scope=\"col\">Missed</th></tr></thead><tbody>{{#days}}<tr><td>{{label}}</td><td>{{calls}}</td>"
    "<td>{{answered}}</td><td>{{missed}}</td></tr>{{/days}}</tbody></table></div>"
    "<div class=\"card\"><h2>By hour of the day</h2>{{&hours_chart}}</div>"
    "<div class=\"card\"><h2>By campaign</h2><table><thead><tr>"
    "<th scope=\"col\">Campaign</th><th scope=\"col\">Calls</th><th scope=\"col\">Answered</th>"
    "<th scope=\"col\">Missed</th><th scope=\"col\">Leads</th></tr></thead><tbody>{{#campaigns}}<tr><td>{{name}}</td>"
    "<td>{{calls}}</td><td>{{answered}}</td><td>{{missed}}</td><td>{{leads}}</td></tr>{{/campaigns}}</tbody></table></"
    "div>"
    "<p class=\"dim\">Changes are against the {{every}} before. <a href=\"{{href}}\">Open the figures</a></p>"
    "</div></body></html>\n";

/* The words with both charts among them. */
static enum err with_charts(struct ctx *cx, const struct json *words, const struct json **out)
{
    struct buf  b = buf_new(cx->arena, WORDS_MAX);
    const char *days, *hours, *text = json_print(cx, words);
    TRY(chart_bars(cx, "Calls day by day: answered and missed", json_get(words, "days"), "answered", "missed", &days));
    TRY(chart_bars(cx, "Calls by hour of the day", json_get(words, "hours"), "calls", NULL, &hours));
    buf_add(&b, text, strlen(text) - 1);
    buf_str(&b, ",\"days_chart\":");
    buf_json(&b, days);
    buf_str(&b, ",\"hours_chart\":");
    buf_json(&b, hours);
    buf_str(&b, "}");
    if (b.full) return ctx_fail(cx, ERR_TOO_LARGE, "a report over %d bytes", WORDS_MAX);
    return json_parse(cx, b.at, b.len, WORDS_MAX, out);
}

enum err report_render(struct ctx *cx, const char *words, struct report_mail *out)
{
    const struct json *doc;
    TRY(json_parse(cx, words, strlen(words), WORDS_MAX, &doc));
    if (json_type(doc) != JSON_OBJECT) return ctx_fail(cx, ERR_INVALID, "a report has no words");
    TRY(with_charts(cx, doc, &doc));
    const char *subject = json_text(json_get(doc, "subject"));
    out->subject = subject == NULL ? "Calls" : subject;
    TRY(tmpl_render(cx, TMPL_TEXT, text_tmpl, doc, &out->text));
    return tmpl_render(cx, TMPL_HTML, html_tmpl, doc, &out->html);
}
