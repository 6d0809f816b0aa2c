/* The words of a sealed text, as tokens by which it is found. */
#include "transcript.h"

#include "buf.h"
#include "veil.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { TOKENS_MAX = 32 << 20 };

/* Is it met for the first time? Among n places, a power of two, by FNV-1a:
 * http://www.isthe.com/chongo/tech/comp/fnv/ */
static bool first_time(const char **met, size_t n, const char *word)
{
    uint64_t hash = 14695981039346656037U;
    for (const char *c = word; *c != '\0'; c++) hash = (hash ^ (unsigned char)*c) * 1099511628211U;
    size_t i = hash & (n - 1);
    while (met[i] != NULL && strcmp(met[i], word) != 0) i = (i + 1) & (n - 1);
    if (met[i] != NULL) return false;
    met[i] = word;
    return true;
}

const char *transcript_tokens(struct ctx *cx, const char *text)
{
    const struct veil *v = cx->veil;
    struct buf         b = buf_new(cx->arena, TOKENS_MAX);
    size_t             places = 64;
    if (v == NULL || !v->on || !v->ready) return NULL;
    char *p = arena_strdup(cx->arena, text);
    while (places < strlen(text)) places *= 2; /* a word and its blank have two bytes: half of them stay free */
    const char **met = arena_alloc(cx->arena, places * sizeof *met);
    buf_str(&b, "[");
    for (char *word = p; *p != '\0'; word = p) {
        for (; isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80; p++) *p = (char)tolower((unsigned char)*p);
        if (*p != '\0') *p++ = '\0';
        if (*word == '\0' || !first_time(met, places, word)) continue;
        buf_str(&b, b.len > 1 ? "," : "");
        buf_json(&b, veil_token(cx, v, VEIL_NAME, word));
    }
    buf_str(&b, "]");
    return b.full ? NULL : b.at;
}
