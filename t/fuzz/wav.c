/* Files that came from outside as recordings: any bytes are a whole recording or a refusal, and what is taken out of
 * one is one again. */
#include "wav.h"
#include "fuzz.h"

/* The first byte says how much of a header is given: most inputs get behind it. */
static FILE *file(struct ctx *cx, const uint8_t *bytes, size_t n)
{
    static const char   head[] = "RIFF\0\0\0\0WAVEfmt \20\0\0\0\1\0\2\0\100\37\0\0\0\175\0\0\4\0\20\0";
    static const size_t given[] = { 0, 12, 36, 36 };
    const size_t        k = n == 0 ? 0 : given[bytes[0] % 4];
    char               *at = arena_alloc(cx->arena, k + n + 1);
    memcpy(at, head, k);
    if (n > 1) memcpy(at + k, bytes + 1, n - 1);
    return k + n < 2 ? NULL : fmemopen(at, k + n - 1, "rb");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct ctx       *cx = fuzz_ctx();
    FILE             *f = file(cx, bytes, n);
    struct wav        w = { .frames = -1 };
    struct db_bytes   peaks;
    struct wav_levels l;
    struct wav_span  *spans;
    if (f == NULL) return 0;
    if (wav_read(cx, f, &w) != OK) {
        PROMISE(cx->err.code == ERR_MALFORMED && w.frames == -1);
        (void)fclose(f);
        return 0;
    }
    PROMISE(w.frames > 0 && (w.channels == 1 || w.channels == 2) && w.rate >= 8000 && w.rate <= 48000);
    PROMISE(w.at + w.frames * w.channels * 2 <= (int64_t)n + 35);
    PROMISE(wav_peaks(cx, f, &w, &peaks) == OK && peaks.n <= (size_t)WAV_PEAK_SLICES * 2);
    for (int ch = 0; ch < w.channels; ch++) {
        unsigned char *buf = arena_alloc(cx->arena, WAV_HEAD + 2 * (size_t)w.frames);
        PROMISE(wav_levels(cx, f, &w, ch, &l) == OK);
        PROMISE(wav_channel(cx, f, &w, ch, 0, w.frames, buf) == OK);
        PROMISE(wav_spans(cx->arena, &l, 0, w.frames, 16, &spans) <= 16);
        for (int64_t from = 0, take; from < w.frames; from += take) {
            take = wav_cut(&w, &l, from, 1 + w.frames / 3);
            PROMISE(take > 0 && take <= 1 + w.frames / 3);
        }
    }
    (void)fclose(f);
    return 0;
}
