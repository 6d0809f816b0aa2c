/* Mail out: SMTP of libcurl. https://curl.se/libcurl/c/smtp-tls.html */
#include "mail.h"

#include "buf.h"
#include "check.h"
#include "clock.h"
#include "config.h"
#include "digest.h"
#include "id.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_MAX = 1 << 20, LINE = 76, CONNECT_MS = 5000, ADDRESS_MAX = 254, DATE = 40 };

/* What is still to be handed over. */
struct upload {
    const char *at;
    size_t      left;
};

bool mail_address(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char       *at = strchr(s, '@');
    size_t            n = strlen(s), local = at == NULL ? 0 : (size_t)(at - s);
    if (local == 0 || local > 64 || n > ADDRESS_MAX || !check_header(s)) return false;
    const char *host = at + 1;
    if (strcspn(s, " \"(),:;<>[\\]") != n || strspn(host, letters) == 0) return false;
    for (const char *c = host; *c != '\0'; c++)
        if (strchr(letters, *c) == NULL && *c != '-' && *c != '.') return false;
    return strstr(s, "..") == NULL && host[strlen(host) - 1] != '.' && s[0] != '.' && s[0] != '-';
}

/* An ASCII subject as it is, any other as an encoded word (RFC 2047), of which a line holds 39 bytes. */
static void subject(struct arena *a, struct buf *b, const char *s)
{
    enum { WORD = 39 };
    buf_str(b, "Subject:");
    if (check_header(s)) {
        buf_printf(b, " %s\r\n", s);
        return;
    }
    for (size_t n = strlen(s); n > 0;) {
        size_t take = n < WORD ? n : WORD;
        while (take < n && take > 1 && ((unsigned char)s[take] & 0xC0) == 0x80) take--;
        buf_printf(b, " =?UTF-8?B?%s?=\r\n", digest_base64(a, s, take));
        s += take;
        n -= take;
    }
}

static void date(char out[DATE])
{
    static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }; /* 1970 began on Thursday */
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    char                     now[CLOCK_TEXT];
    int64_t                  ms = clock_unix_ms(), month = 1;
    clock_rfc3339_to(now, ms);
    month = (now[5] - '0') * 10 + (now[6] - '0');
    (void)snprintf(out, DATE, "%s, %.2s %s %.4s %.8s +0000", days[ms / 86400000 % 7], now + 8, months[month - 1], now,
                   now + 11);
}

/* One body with its head: https://www.rfc-editor.org/rfc/rfc2045 */
static void part(struct arena *a, struct buf *b, const char *type, const char *text)
{
    const char *body = digest_base64(a, text, strlen(text));
    buf_printf(b, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
    for (size_t n = strlen(body); n > 0;) {
        size_t take = n < LINE ? n : LINE;
        buf_add(b, body, take);
        buf_str(b, "\r\n");
        body += take;
        n -= take;
    }
}

/* Both forms, the better one last. The boundary has the id's random letters: base64 cannot hold its hyphens. */
static void parts(struct arena *a, struct buf *b, const struct mail *m, const char *id)
{
    buf_printf(b, "Content-Type: multipart/alternative; boundary=\"--%s\"\r\n\r\n----%s\r\n", id, id);
    part(a, b, "text/plain", m->text);
    buf_printf(b, "----%s\r\n", id);
    part(a, b, "text/html", m->html);
    buf_printf(b, "----%s--\r\n", id);
}

enum err mail_compose(struct ctx *cx, const struct mail *m, const char *from, const char *id, const char **out)
{
    struct buf b = buf_new(cx->arena, MESSAGE_MAX);
    char       when[DATE];
    if (!mail_address(m->to)) return ctx_fail(cx, ERR_INVALID, "the address to write to is none");
    if (!mail_address(from)) return ctx_fail(cx, ERR_INVALID, "MAIL_FROM: expected one address, user@host");
    date(when);
    buf_printf(&b, "Date: %s\r\nFrom: <%s>\r\nTo: <%s>\r\nMessage-ID: <%s%s>\r\n", when, from, m->to, id,
               strchr(from, '@'));
    subject(cx->arena, &b, m->subject);
    buf_str(&b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    if (m->html != NULL) parts(cx->arena, &b, m, id);
    else part(cx->arena, &b, "text/plain", m->text);
    if (b.full) return ctx_fail(cx, ERR_TOO_LARGE, "a mail over %d bytes", MESSAGE_MAX);
    *out = b.at;
    return OK;
}

static size_t on_read(char *to, size_t one, size_t n, void *arg)
{
    struct upload *u = arg;
    size_t         take = one * n < u->left ? one * n : u->left;
    memcpy(to, u->at, take);
    u->at += take;
    u->left -= take;
    return take;
}

/* smtp:// to this machine may go without TLS; nothing else may. */
static bool local(const char *url)
{
    const char *at = strrchr(url, '@'), *host = at != NULL ? at + 1 : strstr(url, "://") + 3;
    size_t      n = strcspn(host, ":/");
    return strncmp(url, "smtp://", 7) == 0
           && ((n == 9 && (strncmp(host, "127.0.0.1", n) == 0 || strncmp(host, "localhost", n) == 0))
               || strncmp(host, "[::1]", 5) == 0);
}

static void set_up(CURL *e, const char *url, const char *from, struct curl_slist *to, struct upload *u, int64_t ms)
{
    (void)curl_easy_setopt(e, CURLOPT_URL, url);
    (void)curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    /* A relay on this machine has a certificate that nobody signed. */
    (void)curl_easy_setopt(e, CURLOPT_USE_SSL, local(url) ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    (void)curl_easy_setopt(e, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    (void)curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)ms);
    (void)curl_easy_setopt(e, CURLOPT_MAIL_FROM, from);
    (void)curl_easy_setopt(e, CURLOPT_MAIL_RCPT, to);
    (void)curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)u->left);
    (void)curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read);
    (void)curl_easy_setopt(e, CURLOPT_READDATA, u);
}

/* The server's code decides: 5xx to the address or the message is for good, all else may pass. */
static enum err result(struct ctx *cx, CURL *e, CURLcode rc)
{
    long code = 0;
    if (rc == CURLE_OK) return OK;
    (void)curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &code);
    const bool final = code >= 500 && code <= 559 && rc == CURLE_SEND_ERROR;
    return ctx_fail(cx, final ? ERR_INVALID : ERR_UNAVAILABLE, "the mail server: %s (%ld)", curl_easy_strerror(rc),
                    code);
}

enum err mail_send(struct ctx *cx, const struct mail *m)
{
    const char   *url = cx->cfg->smtp_url, *from = cx->cfg->mail_from, *message;
    struct upload u;
    if (url == NULL || from == NULL) return ctx_fail(cx, ERR_NOT_CONFIGURED, "SMTP_URL and MAIL_FROM are not both set");
    if (strncmp(url, "smtp://", 7) != 0 && strncmp(url, "smtps://", 8) != 0)
        return ctx_fail(cx, ERR_NOT_CONFIGURED, "SMTP_URL: expected smtp:// or smtps://");
    TRY(mail_compose(cx, m, from, id_random(cx->arena, 20), &message));
    u = (struct upload){ message, strlen(message) };
    CURL              *e = curl_easy_init();
    struct curl_slist *to = curl_slist_append(NULL, m->to);
    if (e == NULL || to == NULL) (void)ctx_fail(cx, ERR_INTERNAL, "no memory for a mail");
    else {
        set_up(e, url, from, to, &u, m->timeout_ms);
        (void)result(cx, e, curl_easy_perform(e));
    }
    curl_slist_free_all(to);
    curl_easy_cleanup(e);
    return cx->err.code;
}
