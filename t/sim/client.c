/* The simulator's own client: requests to the control API of a running simulator. */
#include "client.h"

#include "clock.h"
#include "mem.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <time.h>

enum { TIMEOUT_MS = 60000, PAUSE_MS = 50 };

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    buf_add(arg, p, size * n);
    return size * n;
}

cJSON *client_ask(const char *base, const char *method, const char *path, const cJSON *body, long *status)
{
    return client_ask_as(NULL, base, method, path, body, status);
}

cJSON *client_ask_as(const char *key, const char *base, const char *method, const char *path, const cJSON *body,
                     long *status)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (key != NULL) headers = curl_slist_append(headers, keep_fmt("Authorization: Bearer %s", key));
    CURL      *c = curl_easy_init();
    struct buf b = { 0 };
    char      *text = body != NULL ? cJSON_PrintUnformatted(body) : NULL;
    long       code = 0;
    (void)curl_easy_setopt(c, CURLOPT_URL, keep_fmt("%s%s", base, path));
    (void)curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
    (void)curl_easy_setopt(c, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    (void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(c, CURLOPT_WRITEDATA, &b);
    (void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    if (text != NULL) (void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, text);
    cJSON *o = NULL;
    if (curl_easy_perform(c) == CURLE_OK) {
        (void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
        o = b.at != NULL ? cJSON_Parse(b.at) : NULL;
    }
    if (status != NULL) *status = code;
    curl_easy_cleanup(c);
    curl_slist_free_all(headers);
    buf_free(&b);
    free(text);
    return o;
}

int client_wait_idle(const char *base, int seconds)
{
    const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
    for (int64_t end = clock_real_ms() + 1000 * (int64_t)seconds; clock_real_ms() < end;) {
        cJSON *o = client_ask(base, "GET", "/sim", NULL, NULL);
        int    idle = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "idle"));
        cJSON_Delete(o);
        if (idle) return 0;
        (void)nanosleep(&pause, NULL);
    }
    return 1;
}
