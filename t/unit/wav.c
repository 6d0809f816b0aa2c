/* lib/wav: headers of every kind, loudness, cuts, channels. */
#include "wav.h"

#include "sweep_rig.h"

enum { RATE = 8000, FMT = 16 };

/* A file under construction, in memory. */
struct made {
    unsigned char bytes[512 * 1024];
    size_t        n;
};

static void put(struct made *m, const void *p, size_t n)
{
    assert_true(m->n + n <= sizeof m->bytes);
    memcpy(m->bytes + m->n, p, n);
    m->n += n;
}

static void le(struct made *m, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++) put(m, &(unsigned char){ (unsigned char)(v >> 8 * i) }, 1);
}

/* What a header says; the defaults are what Twilio sends. */
struct says {
    uint32_t tag, channels, rate, bits, frame, data;
};

static const struct says usual = { 1, 2, RATE, 16, 4, 0 };

static struct made *begin(struct ctx *cx)
{
    struct made *m = arena_alloc(cx->arena, sizeof *m);
    put(m, "RIFF\0\0\0\0WAVE", 12);
    return m;
}

static void format(struct made *m, struct says s)
{
    put(m, "fmt ", 4);
    le(m, FMT, 4);
    le(m, s.tag, 2);
    le(m, s.channels, 2);
    le(m, s.rate, 4);
    le(m, s.rate * s.frame, 4);
    le(m, s.frame, 2);
    le(m, s.bits, 2);
}

static FILE *file(struct made *m)
{
    FILE *f = fmemopen(m->bytes, m->n, "rb");
    assert_non_null(f);
    return f;
}

/* A file of two channels: amplitude[ch][i] holds for the i-th tenth of a second. */
static FILE *talk(struct ctx *cx, const int *one, const int *two, size_t tenths)
{
    struct made *m = begin(cx);
    const size_t frames = tenths * RATE / 10;
    format(m, usual);
    put(m, "data", 4);
    le(m, (uint32_t)frames * 4, 4);
    for (size_t i = 0; i < frames; i++) {
        const int sign = i / 4 % 2 == 0 ? 1 : -1; /* a square wave of 1 kHz: its level is its amplitude */
        le(m, (uint32_t)(sign * one[i * 10 / RATE]), 2);
        le(m, (uint32_t)(sign * two[i * 10 / RATE]), 2);
    }
    return file(m);
}

static void finds_the_samples_behind_other_chunks(void **state)
{
    struct made *m = begin(*state);
    struct wav   w;
    put(m, "LIST\3\0\0\0abc\0", 12); /* an odd length is padded */
    format(m, usual);
    put(m, "fact\4\0\0\0\0\0\0\0", 12);
    put(m, "data", 4);
    le(m, 8, 4);
    int64_t at = (int64_t)m->n;
    le(m, 0, 4);
    le(m, 0, 4);
    put(m, "trailer", 7);
    FILE *f = file(m);
    assert_int_equal(wav_read(*state, f, &w), OK);
    assert_int_equal(w.at, at);
    assert_int_equal(w.frames, 2);
    assert_int_equal(w.channels, 2);
    assert_int_equal(w.rate, RATE);
    (void)fclose(f);
}

static void refuses_what_is_no_whole_recording(void **state)
{
    static const struct says rows[] = {
        { 7, 2, RATE, 8, 2, 8 },  { 3, 2, RATE, 32, 8, 8 }, { 1, 2, RATE, 8, 2, 8 },           { 1, 0, RATE, 16, 0, 8 },
        { 1, 3, RATE, 16, 6, 8 }, { 1, 2, 4000, 16, 4, 8 }, { 1, 2, 96000, 16, 4, 8 },         { 1, 2, RATE, 16, 2, 8 },
        { 1, 2, RATE, 16, 4, 0 }, { 1, 2, RATE, 16, 4, 9 }, { 1, 2, RATE, 16, 4, 0xFFFFFFFF },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx  *cx = *state;
        struct made *m = begin(cx);
        struct wav   w = { .frames = -1 };
        format(m, rows[i]);
        put(m, "data", 4);
        le(m, rows[i].data, 4);
        put(m, "\1\0\1\0\1\0\1\0", 8);
        FILE *f = file(m);
        if (wav_read(cx, f, &w) != ERR_MALFORMED || w.frames != -1) fail_msg("row %zu passed", i);
        ctx_forgive(cx);
        (void)fclose(f);
    }
}

static void refuses_other_files(void **state)
{
    static const char *const rows[] = {
        "R",
        "RIFF\1\1\1\1AVI ....",
        "<?xml version='1.0' encoding='UTF-8'?><TwilioResponse/>",
        "RIFF\1\1\1\1WAVE",
        "RIFF\1\1\1\1WAVEdata\1\1\1\1xxxxxxxx",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct ctx  *cx = *state;
        struct made *m = arena_alloc(cx->arena, sizeof *m);
        struct wav   w;
        put(m, rows[i], strlen(rows[i]));
        FILE *f = file(m);
        if (wav_read(cx, f, &w) != ERR_MALFORMED) fail_msg("row %zu passed", i);
        ctx_forgive(cx);
        (void)fclose(f);
    }
}

/* Every place at which a good file can be cut. */
static void a_cut_file_never_passes(void **state)
{
    struct ctx  *cx = *state;
    struct made *m = begin(cx);
    format(m, usual);
    put(m, "data", 4);
    le(m, 40, 4);
    for (int i = 0; i < 10; i++) le(m, 7, 4);
    for (size_t n = 1; n < m->n; n++) {
        struct wav w;
        FILE      *f = fmemopen(m->bytes, n, "rb");
        if (wav_read(cx, f, &w) == OK) fail_msg("cut at %zu passed", n);
        ctx_forgive(cx);
        (void)fclose(f);
    }
}

static void draws_peaks_of_each_channel(void **state)
{
    static const int one[] = { 0, 16384, 0, 0 }, two[] = { 0, 0, 0, 32767 };
    struct wav       w;
    struct db_bytes  peaks;
    FILE            *f = talk(*state, one, two, 4);
    assert_int_equal(wav_read(*state, f, &w), OK);
    assert_int_equal(wav_peaks(*state, f, &w, &peaks), OK);
    const unsigned char *p = peaks.at;
    assert_int_equal(peaks.n, 2 * WAV_PEAK_SLICES);
    for (size_t i = 0; i < WAV_PEAK_SLICES; i++) {
        assert_in_range(p[2 * i], i / 500 == 1 ? 127 : 0, i / 500 == 1 ? 128 : 0);
        assert_int_equal(p[2 * i + 1], i / 500 == 3 ? 255 : 0);
    }
    (void)fclose(f);
}

static void tells_speech_from_noise(void **state)
{
    static const int  one[] = { 90, 90, 90, 90, 90, 90, 90, 90 }, two[] = { 0, 900, 900, 0, 0, 0, 900, 0 };
    struct wav        w;
    struct wav_levels quiet, loud;
    FILE             *f = talk(*state, one, two, 8);
    assert_int_equal(wav_read(*state, f, &w), OK);
    assert_int_equal(wav_levels(*state, f, &w, 0, &quiet), OK);
    assert_int_equal(wav_levels(*state, f, &w, 1, &loud), OK);
    assert_int_equal(quiet.v[3], 90);
    assert_int_equal(loud.v[1], 900);
    assert_false(wav_speech(&quiet, 0, w.frames));
    assert_true(wav_speech(&loud, 0, w.frames));
    assert_false(wav_speech(&loud, 0, 5 * RATE / 10)); /* two tenths of a second are a click */
    (void)fclose(f);
}

static void finds_who_speaks_between_pauses(void **state)
{
    static const unsigned short v[] = { 0, 900, 900, 0, 0, 900, 0, 0, 0, 0, 0, 0, 900, 0, 0, 0, 0, 0, 0, 0, 900 };
    const struct wav_levels     l = { v, COUNT(v), 800 };
    struct wav_span            *s;
    assert_int_equal(wav_spans(((struct ctx *)*state)->arena, &l, 0, COUNT(v) * 800, 10, &s), 3);
    assert_int_equal(s[0].from, 800);
    assert_int_equal(s[0].to, 6 * 800);
    assert_int_equal(s[1].from, 12 * 800);
    assert_int_equal(s[2].to, 21 * 800);
    assert_int_equal(wav_spans(((struct ctx *)*state)->arena, &l, 0, COUNT(v) * 800, 2, &s), 2);
    assert_int_equal(s[1].to, 21 * 800);
}

static void cuts_where_it_is_quiet(void **state)
{
    enum { N = 3000, QUIET = 1700 }; /* five minutes */
    struct ctx             *cx = *state;
    unsigned short         *v = arena_alloc(cx->arena, N * sizeof *v);
    const struct wav        w = { .frames = N * 800, .rate = RATE, .channels = 1 };
    const struct wav_levels l = { v, N, 800 };
    for (int i = 0; i < N; i++) v[i] = i == QUIET ? 3 : 700;
    assert_int_equal(wav_cut(&w, &l, 0, 2000 * 800), QUIET * 800 + 400);
    assert_int_equal(wav_cut(&w, &l, 0, N * 800), N * 800);
    for (int64_t from = 0, take; from < w.frames; from += take) { /* always some, never too much */
        take = wav_cut(&w, &l, from, 700 * 800);
        assert_in_range(take, 1, 700 * 800);
    }
}

static void takes_one_channel_out(void **state)
{
    static const int one[] = { 100, 200, 300 }, two[] = { 400, 500, 600 };
    struct ctx      *cx = *state;
    struct wav       w, mono;
    FILE            *f = talk(cx, one, two, 3);
    assert_int_equal(wav_read(cx, f, &w), OK);
    const size_t   n = RATE / 10, size = WAV_HEAD + 2 * n;
    unsigned char *buf = arena_alloc(cx->arena, size);
    assert_int_equal(wav_channel(cx, f, &w, 1, RATE / 10, RATE / 10, buf), OK);
    (void)fclose(f);
    f = fmemopen(buf, size, "rb");
    assert_int_equal(wav_read(cx, f, &mono), OK);
    assert_int_equal(mono.at, WAV_HEAD);
    assert_int_equal(mono.channels, 1);
    assert_int_equal(mono.frames, n);
    for (size_t i = 0; i < n; i++) assert_int_equal(abs((int16_t)(buf[44 + 2 * i] | buf[45 + 2 * i] << 8)), 500);
    (void)fclose(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_samples_behind_other_chunks),
        TEST(refuses_what_is_no_whole_recording),
        TEST(refuses_other_files),
        TEST(a_cut_file_never_passes),
        TEST(draws_peaks_of_each_channel),
        TEST(tells_speech_from_noise),
        TEST(finds_who_speaks_between_pauses),
        TEST(cuts_where_it_is_quiet),
        TEST(takes_one_channel_out),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
