/* Alerts in words. */
#include "notify.h"

#include "buf.h"
#include "check.h"
#include "tmpl.h"

#include <string.h>

enum { WORDS_MAX = 1 << 20, SHOWN = 100 };

static const char text_tmpl[] = "{{#items}}{{title}}{{#caller}} from {{caller}}{{/caller}}\n"
                                "{{#lines}}{{name}}: {{value}}\n{{/lines}}"
                                "{{href}}\n\n{{/items}}{{#more}}... and {{more}} more\n\n{{/more}}"
                                "{{tenant}}\n";

/* Tables and inline styles: what mail programs draw alike. The colours of the dark are asked for, and where a program
 * does not ask, those of the light are legible on both. */
static const char html_tmpl[] =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<meta name=\"color-scheme\" content=\"light dark\"><title>{{subject}}</title><style>"
    "body{margin:0;padding:24px 12px;background:#f4f5f7;color:#1c2430;font:16px/1.5 system-ui,sans-serif}"
    ".card{max-width:560px;margin:0 auto 16px;padding:20px;background:#fff;border:1px solid #d8dde5;border-radius:8px}"
    "h1{margin:0 0 12px;font-size:18px;line-height:1.3;overflow-wrap:anywhere}"
    "th{padding:2px 16px 2px 0;text-align:left;font-weight:400;color:#5a6573;vertical-align:top;white-space:nowrap}"
    "td{padding:2px 0;overflow-wrap:anywhere}a{color:#0b57d0}.foot{max-width:560px;margin:0 auto;color:#5a6573}"
    "@media(prefers-color-scheme:dark){body{background:#12161c;color:#e8ecf1}"
    ".card{background:#1b212a;border-color:#343d4a}th,.foot{color:#a7b1be}a{color:#8ab4f8}}"
    "</style></head><body>{{#items}}<div class=\"card\"><h1>{{title}}{{#caller}} from {{caller}}{{/caller}}</h1>"
    "<table role=\"presentation\">"
    "{{#lines}}<tr><th scope=\"row\">{{name}}</th><td>{{value}}</td></tr>{{/lines}}</table>"
    "<p style=\"margin:12px 0 0\"><a href=\"{{href}}\">Open</a></p></div>{{/items}}"
    "<p class=\"foot\">{{#more}}... and {{more}} more. {{/more}}{{tenant}}</p></body></html>\n";

static const char sms_tmpl[] = "{{#first}}{{title}}{{#caller}} from {{caller}}{{/caller}}{{#to}} to {{to}}{{/to}}"
                               " at {{clock}}{{/first}}"
                               "{{#more}}, and {{more}} more{{/more}}. {{tenant}}";

static const char *title_of(struct ctx *cx, const struct json *one)
{
    const char *title = json_text(json_get(one, "title")), *caller = json_text(json_get(one, "caller"));
    if (caller != NULL && title != NULL) return arena_printf(cx->arena, "%s from %s", title, caller);
    return title == NULL ? "Alert" : title;
}

/* {"tenant", "subject", "items", "first", "more"}: what the templates are filled with. shown: items in it. */
static enum err filled(struct ctx *cx, const char *tenant, const char *words, size_t shown, const struct json **out,
                       const char **subject)
{
    struct buf         b = buf_new(cx->arena, WORDS_MAX);
    const struct json *list;
    size_t             i = 0;
    TRY(json_parse(cx, words, strlen(words), WORDS_MAX, &list));
    const size_t n = json_count(list);
    if (n == 0) return ctx_fail(cx, ERR_INVALID, "nothing to tell");
    *subject = n == 1 ? title_of(cx, json_first(list))
                      : arena_printf(cx->arena, "%s, and %zu more", title_of(cx, json_first(list)), n - 1);
    buf_str(&b, "{\"tenant\":");
    buf_json(&b, tenant);
    buf_str(&b, ",\"subject\":");
    buf_json(&b, *subject);
    buf_printf(&b, ",\"more\":%zu,\"first\":%s,\"items\":[", n > shown ? n - shown : 0,
               json_print(cx, json_first(list)));
    for (const struct json *v = json_first(list); v != NULL && i < shown; v = json_next(v), i++)
        buf_printf(&b, "%s%s", i > 0 ? "," : "", json_print(cx, v));
    buf_str(&b, "]}");
    if (b.full) return ctx_fail(cx, ERR_TOO_LARGE, "too much to tell at once");
    return json_parse(cx, b.at, b.len, WORDS_MAX, out);
}

enum err notify_mail(struct ctx *cx, const char *tenant, const char *words, struct mail *out)
{
    const struct json *data;
    TRY(filled(cx, tenant, words, SHOWN, &data, &out->subject));
    TRY(tmpl_render(cx, TMPL_TEXT, text_tmpl, data, &out->text));
    return tmpl_render(cx, TMPL_HTML, html_tmpl, data, &out->html);
}

/* Never in the middle of a character. */
static void shorten(char *s)
{
    size_t n = 0;
    char  *p = s;
    for (; *p != '\0' && n < NOTIFY_SMS_MAX; n++) {
        size_t step = check_utf8_char(p);
        p += step == 0 ? 1 : step;
    }
    *p = '\0';
}

enum err notify_sms(struct ctx *cx, const char *tenant, const char *words, const char **out)
{
    const struct json *data;
    const char        *subject, *text;
    TRY(filled(cx, tenant, words, 1, &data, &subject));
    TRY(tmpl_render(cx, TMPL_TEXT, sms_tmpl, data, &text));
    char *copy = arena_strdup(cx->arena, text);
    shorten(copy);
    *out = copy;
    return OK;
}
