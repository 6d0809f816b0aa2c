/* Numbers of do-not-call lists as they are stored. */
#include "dnc.h"

#include "buf.h"
#include "veil.h"

#include <string.h>

enum { TOKEN_MAX = 80 }; /* of a number, with a blank behind it */

static void add(struct buf *b, const char *number)
{
    if (b->len > 0) buf_str(b, " ");
    buf_str(b, number);
}

enum err dnc_keep(struct ctx *cx, const char *numbers, struct dnc_numbers *out)
{
    const size_t max = strlen(numbers) / 8 * TOKEN_MAX + TOKEN_MAX; /* a number and its blank have 8 bytes at least */
    struct buf   kept = buf_new(cx->arena, max), others = buf_new(cx->arena, max);
    TRY(veil_ready(cx));
    *out = (struct dnc_numbers){ numbers, NULL };
    if (cx->veil == NULL) return OK;
    for (const char *at = numbers; *at != '\0';) {
        const size_t n = strcspn(at, " ");
        const char  *number = arena_copy(cx->arena, at, n), *token = veil_token(cx, cx->veil, VEIL_NUMBER, number);
        if (n > 0 && token != NULL) {
            add(&kept, cx->veil->on ? token : number);
            add(&others, cx->veil->on ? number : token);
        }
        if (n > 0 && token == NULL) add(&kept, number);
        at += n + strspn(at + n, " ");
    }
    *out = (struct dnc_numbers){ kept.at, others.len > 0 ? others.at : NULL };
    return OK;
}
