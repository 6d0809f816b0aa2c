/* One delivery of a webhook: attempts, redirects, retries, and what its end means. */
#include "send_job.h"

#include "family.h"
#include "sign.h"

#include <stdlib.h>
#include <string.h>

enum { REDIRECTS_MAX = 10, BODY_MAX = 64 * 1024, READ_MAX = 1 << 20, QUICK_MS = 1000, USUAL_MS = 50 };

void job_drop_transfer(struct job *j)
{
    if (j->easy != NULL) {
        (void)curl_multi_remove_handle(send_multi(), j->easy);
        curl_easy_cleanup(j->easy);
    }
    curl_slist_free_all(j->headers);
    j->easy = NULL;
    j->headers = NULL;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct job *j = arg;
    if (j->reply.len + size * n > READ_MAX) return 0;
    buf_add(&j->reply, p, size * n);
    return size * n;
}

void job_note(struct job *j, int status, int error, const char *note)
{
    if (j->d->n == ATTEMPTS_MAX) return;
    j->d->attempts[j->d->n++] = (struct attempt){ status, error, (long)(clock_real_ms() - j->tried_ms), note };
    world_log("%s %s %s -> %d%s%s", j->h.kind, j->d->call != NULL ? j->d->call : "-", j->h.url, status,
              note != NULL ? " " : "", note != NULL ? note : "");
}

static void header(struct job *j, const char *name, const char *value)
{
    char *line = keep_fmt("%s: %s", name, value);
    j->headers = curl_slist_append(j->headers, line);
}

static void sign_and_encode(struct job *j, const char **url)
{
    char        signature[32];
    const char *signed_url = j->to.signed_url;
    buf_free(&j->body);
    if (j->h.params.n > 0) form_encode(&j->h.params, &j->body);
    else buf_str(&j->body, "");
    if (j->get && j->body.len > 0) {
        const char *sep = strchr(*url, '?') != NULL ? "&" : "?";
        *url = keep_fmt("%s%s%s", *url, sep, j->body.at);
        signed_url = keep_fmt("%s%s%s", signed_url, sep, j->body.at);
    }
    sign_request(j->token, signed_url, j->get ? NULL : &j->h.params, signature);
    header(j, "X-Twilio-Signature", signature);
}

static long at_most(int64_t a, int64_t b)
{
    int64_t least = a < b ? a : b;
    return least > 1 ? (long)least : 1;
}

/* The queue of a call goes on with its next delivery. */
static void next_in_queue(struct job *j)
{
    struct queue *q = j->h.call->queue;
    q->first = j->next;
    if (q->first == NULL) q->last = NULL;
    else job_start(q->first);
}

/* A quick reply costs its call always the same, however fast time runs and however busy the machine is: the same seed
 * gives the same ledger. A slow one costs what it really took, and the call lived on meanwhile. */
static void answered(struct job *j, const struct hook_reply *r)
{
    int64_t        frozen = clock_frozen(), took = clock_real_ms() - j->began_ms;
    struct family *outer = family_current(), *f = j->h.call != NULL ? j->h.call->family : NULL;
    job_asks_no_more(j);
    if (took >= QUICK_MS) clock_run();
    clock_freeze(j->asked_at + (took < QUICK_MS ? USUAL_MS : took));
    (void)family_enter(f);
    j->h.done(j->h.arg, r);
    (void)family_enter(outer);
    clock_freeze(frozen);
}

static void finish(struct job *j, const struct hook_reply *r)
{
    if (j->queued) next_in_queue(j);
    if (j->h.twiml && j->h.done != NULL && r->len > 0 && r->len <= BODY_MAX) j->d->reply = keep_mem(r->body, r->len);
    if (r->code != NULL && !(j->note != NULL && strcmp(j->note, "forged") == 0))
        world_alert(r->code, j->h.call, j->h.url, keep_fmt("%s: HTTP %d", j->h.kind, r->status));
    if (j->h.done != NULL) answered(j, r);
    job_free(j);
}

void job_start(struct job *j)
{
    const char *url = j->to.real_url;
    j->tried_ms = clock_real_ms();
    if (j->tries == 0 && j->redirects == 0) {
        j->began_ms = j->tried_ms;
        j->asked_at = clock_now();
        j->asks = j->h.done != NULL && j->h.call != NULL;
        if (j->asks) family_ask(j->h.call->family, j->asked_at + USUAL_MS);
    }
    if (url == NULL) {
        job_note(j, 0, 0, "refused: not loopback");
        finish(j, &(struct hook_reply){ .code = "11205", .url = j->h.url });
        return;
    }
    buf_free(&j->reply);
    j->easy = curl_easy_init();
    sign_and_encode(j, &url);
    header(j, "I-Twilio-Idempotency-Token", j->d->token);
    header(j, "Accept", "*/*");
    if (j->to.host != NULL) header(j, "Host", j->to.host);
    if (!j->get) {
        header(j, "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
        header(j, "Expect", "");
        (void)curl_easy_setopt(j->easy, CURLOPT_POSTFIELDS, j->body.at);
        (void)curl_easy_setopt(j->easy, CURLOPT_POSTFIELDSIZE, (long)j->body.len);
    }
    long left = at_most(j->to.how.tt - (j->tried_ms - j->began_ms), 15000);
    if (j->to.user != NULL) (void)curl_easy_setopt(j->easy, CURLOPT_USERPWD, j->to.user);
    (void)curl_easy_setopt(j->easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(j->easy, CURLOPT_PROTOCOLS_STR, "http");
    (void)curl_easy_setopt(j->easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(j->easy, CURLOPT_HTTPHEADER, j->headers);
    (void)curl_easy_setopt(j->easy, CURLOPT_USERAGENT, "TwilioProxy/1.1");
    (void)curl_easy_setopt(j->easy, CURLOPT_CONNECTTIMEOUT_MS, at_most(j->to.how.ct, left));
    (void)curl_easy_setopt(j->easy, CURLOPT_TIMEOUT_MS, at_most(j->to.how.ct + j->to.how.rt, left));
    (void)curl_easy_setopt(j->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(j->easy, CURLOPT_WRITEDATA, j);
    (void)curl_easy_setopt(j->easy, CURLOPT_PRIVATE, j);
    (void)curl_easy_setopt(j->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_multi_add_handle(send_multi(), j->easy);
}

static const char *code_of(CURLcode e, int status)
{
    if (e == CURLE_URL_MALFORMAT) return "11100";
    if (e == CURLE_COULDNT_RESOLVE_HOST) return "11210";
    if (e == CURLE_COULDNT_CONNECT || e == CURLE_OPERATION_TIMEDOUT) return "11205";
    if (e == CURLE_WRITE_ERROR) return "11750";
    if (e != CURLE_OK) return "11206";
    return status >= 200 && status < 300 ? NULL : "11200";
}

static bool again(const struct job *j, CURLcode e, int status, bool connected)
{
    const struct overrides *o = &j->to.how;
    if (j->tries >= o->rc || clock_real_ms() - j->began_ms >= o->tt) return false;
    if (e == CURLE_COULDNT_CONNECT || (e == CURLE_OPERATION_TIMEDOUT && !connected)) return o->on_ct;
    if (e != CURLE_OK) return o->on_rt;
    return (status >= 500 && o->on_5xx) || (status >= 400 && status < 500 && o->on_4xx);
}

/* Twilio follows 301 and 302 with GET and drops what it would have posted. */
static bool redirected(struct job *j, int status)
{
    const char *where = NULL;
    if (status < 301 || status > 303) return false;
    (void)curl_easy_getinfo(j->easy, CURLINFO_REDIRECT_URL, &where);
    if (where == NULL || j->redirects++ >= REDIRECTS_MAX) return false;
    struct overrides how = j->to.how;
    j->to = url_target(where, j->h.twiml);
    j->to.how = how;
    j->get = true;
    form_free(&j->h.params);
    job_drop_transfer(j);
    job_start(j);
    return true;
}

void job_finished(struct job *j, CURLcode e)
{
    long        status = 0;
    curl_off_t  sent = 0;
    const char *type = NULL;
    (void)curl_easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(j->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    (void)curl_easy_getinfo(j->easy, CURLINFO_CONTENT_TYPE, &type);
    if (e != CURLE_OK) status = 0;
    job_note(j, (int)status, (int)e, e != CURLE_OK ? curl_easy_strerror(e) : j->note);
    if (redirected(j, (int)status)) return;
    if (again(j, e, (int)status, sent > 0)) {
        j->tries++;
        job_drop_transfer(j);
        job_start(j);
        return;
    }
    struct hook_reply r = { .status = (int)status,
                            .body = j->reply.at != NULL ? j->reply.at : "",
                            .len = j->reply.len,
                            .type = type,
                            .url = j->to.signed_url,
                            .code = code_of(e, (int)status) };
    if (r.code == NULL && r.len > BODY_MAX) r.code = "11750";
    if (status >= 301 && status <= 303) r.code = "11215";
    finish(j, &r);
}
