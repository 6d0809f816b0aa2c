/* Speech: a line of text as 8 kHz 16-bit samples, cached in memory and in the state directory. */
#include "speech.h"

#include "sign.h"
#include "world.h"

#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IN_RATE = 22050, WAV_HEAD = 44, TAPS = 32 };

static struct entry {
    struct speech speech;
    enum voice    voice;
} * *all;
static size_t n_all, cap_all;

static const struct {
    char name[16], speed[8], pitch[8];
} VOICES[] = { { "en-gb", "185", "60" }, { "en-us", "190", "40" }, { "en", "185", "50" } };

static void path_of(const char *text, enum voice v, char *path, size_t n)
{
    char hash[65], key[64];
    (void)snprintf(key, sizeof key, "%s %s %s ", VOICES[v].name, VOICES[v].speed, VOICES[v].pitch);
    char *whole = NULL;
    if (asprintf(&whole, "%s%s", key, text) < 0) abort();
    sha256_hex(whole, strlen(whole), hash);
    free(whole);
    (void)snprintf(path, n, "%s/speech-%.32s.pcm", world.state, hash);
}

static struct buf read_fd(int fd)
{
    struct buf b = { 0 };
    char       part[65536];
    for (ssize_t n; (n = read(fd, part, sizeof part)) > 0;) buf_add(&b, part, (size_t)n);
    return b;
}

/* The WAV that espeak-ng writes; empty if it is not installed. */
static struct buf espeak(const char *text, enum voice v)
{
    extern char              **environ;
    posix_spawn_file_actions_t acts;
    struct buf                 wav = { 0 };
    pid_t                      pid;
    int                        out[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || pipe2(out, O_CLOEXEC) != 0) return wav;
    char *args[] = { strdup("espeak-ng"),
                     strdup("--stdout"),
                     strdup("-v"),
                     strdup(VOICES[v].name),
                     strdup("-s"),
                     strdup(VOICES[v].speed),
                     strdup("-p"),
                     strdup(VOICES[v].pitch),
                     strdup("--"),
                     strdup(text),
                     NULL };
    (void)posix_spawn_file_actions_init(&acts);
    (void)posix_spawn_file_actions_adddup2(&acts, null, 0);
    (void)posix_spawn_file_actions_adddup2(&acts, out[1], 1);
    (void)posix_spawn_file_actions_adddup2(&acts, null, 2);
    int failed = posix_spawnp(&pid, args[0], &acts, NULL, args, environ);
    (void)close(out[1]);
    if (failed == 0) {
        wav = read_fd(out[0]);
        (void)waitpid(pid, NULL, 0);
    }
    (void)close(out[0]);
    (void)close(null);
    (void)posix_spawn_file_actions_destroy(&acts);
    for (size_t i = 0; args[i] != NULL; i++) free(args[i]);
    return wav;
}

/* One sample of the input at a fractional place, through a windowed sinc that cuts at 3.6 kHz. */
static double filtered(const int16_t *in, size_t n, double at)
{
    const double cut = 2.0 * 3600 / IN_RATE;
    double       sum = 0;
    long         mid = (long)at;
    for (long k = mid - TAPS; k <= mid + TAPS; k++) {
        if (k < 0 || (size_t)k >= n) continue;
        double d = at - (double)k, x = M_PI * cut * d;
        double sinc = fabs(x) < 1e-9 ? 1 : sin(x) / x;
        sum += in[k] * cut * sinc * (0.5 + 0.5 * cos(M_PI * d / (TAPS + 1)));
    }
    return sum;
}

static int16_t clamp(double x)
{
    return (int16_t)(x > 32767 ? 32767 : x < -32768 ? -32768 : lrint(x));
}

static void resample(struct speech *s, const int16_t *in, size_t n)
{
    s->n = n * RATE / IN_RATE;
    s->pcm = grow(NULL, s->n, sizeof *s->pcm);
    for (size_t i = 0; i < s->n; i++) s->pcm[i] = clamp(filtered(in, n, (double)i * IN_RATE / RATE));
}

/* Without espeak-ng: a voiced tone a letter, with two formants, and a pause a blank: sounds like talk, is never
 * silence. */
static void hum(struct speech *s, enum voice v)
{
    const size_t letter = RATE * 60 / 1000;
    size_t       len = strlen(s->text);
    double       phase = 0, f0 = v == VOICE_CUSTOMER ? 190 : 120;
    s->n = (len + 2) * letter;
    s->pcm = grow(NULL, s->n, sizeof *s->pcm);
    for (size_t i = 0; i < s->n; i++) {
        unsigned char c = i / letter < len ? (unsigned char)s->text[i / letter] : (unsigned char)' ';
        double        t = (double)(i % letter) / (double)letter, env = sin(M_PI * t);
        double        f1 = 300 + 40 * (c % 13), f2 = 900 + 120 * (c % 11);
        phase += 2 * M_PI * f0 / RATE;
        double x =
            sin(phase) + 0.6 * sin(2 * M_PI * f1 * (double)i / RATE) + 0.4 * sin(2 * M_PI * f2 * (double)i / RATE);
        s->pcm[i] = isalnum(c) ? clamp(5000 * env * x) : 0;
    }
}

/* DTMF: 100 ms of two tones a key, 100 ms of pause. https://www.itu.int/rec/T-REC-Q.23 */
static void tones(struct speech *s)
{
    static const char   keys[] = "123A456B789C*0#D";
    static const double low[] = { 697, 770, 852, 941 }, high[] = { 1209, 1336, 1477, 1633 };
    const size_t        slot = RATE / 5;
    const char         *text = strncmp(s->text, "[tones ", 7) == 0 ? s->text + 7 : s->text;
    s->n = strlen(text) * slot;
    s->pcm = grow(NULL, s->n + 1, sizeof *s->pcm);
    for (size_t i = 0; i < s->n; i++) {
        const char *key = strchr(keys, text[i / slot]);
        double      t = (double)i / RATE;
        bool        on = key != NULL && i % slot < slot / 2;
        size_t      k = key != NULL ? (size_t)(key - keys) : 0;
        s->pcm[i] = on ? clamp(6000 * (sin(2 * M_PI * low[k / 4] * t) + sin(2 * M_PI * high[k % 4] * t))) : 0;
    }
}

static bool load(struct speech *s, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    struct buf b = read_fd(fd);
    (void)close(fd);
    if (b.len < sizeof(int16_t)) {
        buf_free(&b);
        return false;
    }
    s->n = b.len / sizeof(int16_t);
    s->pcm = grow(NULL, s->n, sizeof *s->pcm);
    memcpy(s->pcm, b.at, s->n * sizeof *s->pcm);
    buf_free(&b);
    return true;
}

static void store(const struct speech *s, const char *path)
{
    char part[4200];
    (void)snprintf(part, sizeof part, "%s.%d", path, (int)getpid());
    FILE *f = fopen(part, "wbe");
    if (f == NULL) return; /* only a cache */
    size_t n = fwrite(s->pcm, sizeof *s->pcm, s->n, f);
    if (fclose(f) != 0 || n != s->n || rename(part, path) != 0) (void)unlink(part);
}

static void synthesise(struct speech *s, enum voice v)
{
    char path[4096];
    if (v == VOICE_TONES) {
        tones(s);
        return;
    }
    path_of(s->text, v, path, sizeof path);
    if (load(s, path)) return;
    struct buf wav = espeak(s->text, v);
    if (wav.len > WAV_HEAD + 2000) {
        int16_t *in = grow(NULL, (wav.len - WAV_HEAD) / 2, sizeof *in);
        memcpy(in, wav.at + WAV_HEAD, (wav.len - WAV_HEAD) / 2 * 2);
        resample(s, in, (wav.len - WAV_HEAD) / 2);
        free(in);
    } else hum(s, v);
    buf_free(&wav);
    store(s, path);
}

const struct speech *speech_of(const char *text, enum voice voice)
{
    for (size_t i = 0; i < n_all; i++)
        if (all[i]->voice == voice && strcmp(all[i]->speech.text, text) == 0) return &all[i]->speech;
    struct entry *e = grow(NULL, 1, sizeof *e);
    *e = (struct entry){ .voice = voice };
    e->speech.text = strdup(text);
    synthesise(&e->speech, voice);
    if (n_all == cap_all) {
        cap_all = 2 * cap_all + 64;
        all = grow(all, cap_all, sizeof(struct entry *));
    }
    all[n_all++] = e;
    return &e->speech;
}

int64_t speech_ms(const struct speech *s)
{
    return (int64_t)(s->n * 1000 / RATE);
}

size_t speech_count(void)
{
    return n_all;
}

const struct speech *speech_at(size_t i)
{
    return &all[i]->speech;
}
