/* lib/vault: files at rest come back as they were, or not at all. */
#include "vault.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char key[VAULT_KEY] = "0123456789abcdef0123456789abcde";
static const unsigned char other[VAULT_KEY] = "1123456789abcdef0123456789abcde";

enum { MAX = 4 * VAULT_CHUNK };

static FILE *file(const void *bytes, size_t n)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    rewind(f);
    return f;
}

static size_t slurp(FILE *f, unsigned char *to, size_t max)
{
    rewind(f);
    return fread(to, 1, max, f);
}

/* What lies at rest for n bytes that begin with RIFF; into box, which has room. */
static size_t lock(struct ctx *cx, unsigned char *plain, size_t n, unsigned char *box, size_t max)
{
    for (size_t i = 0; i < n; i++) plain[i] = (unsigned char)(i * 7 >> 3);
    if (n >= 4) memcpy(plain, "RIFF", 4);
    FILE *from = file(plain, n), *to = tmpfile();
    assert_int_equal(vault_lock(cx, from, to, key), OK);
    size_t got = slurp(to, box, max);
    (void)fclose(from);
    (void)fclose(to);
    return got;
}

/* In memory of its own, for there are hundreds of them. */
static enum err unlock(const unsigned char *box, size_t n, const unsigned char k[VAULT_KEY], unsigned char *plain,
                       size_t *got)
{
    struct ctx mine = { .arena = arena_new(1 << 20) };
    FILE      *from = file(box, n), *to = tmpfile();
    enum err   e = vault_unlock(&mine, from, to, k);
    *got = slurp(to, plain, MAX);
    (void)fclose(from);
    (void)fclose(to);
    arena_free(mine.arena);
    return e;
}

static void files_of_every_size_come_back(void **state)
{
    static const size_t sizes[] = { 0, 1, 44, VAULT_CHUNK - 1, VAULT_CHUNK, VAULT_CHUNK + 1, 3 * VAULT_CHUNK };
    struct ctx         *cx = *state;
    unsigned char      *plain = arena_alloc(cx->arena, MAX), *box = arena_alloc(cx->arena, MAX);
    unsigned char      *again = arena_alloc(cx->arena, MAX);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t n = sizes[i], chunks = (n + VAULT_CHUNK - 1) / VAULT_CHUNK, got;
        size_t len = lock(cx, plain, n, box, MAX);
        assert_int_equal(len, VAULT_HEAD + n + chunks * VAULT_TAG);
        assert_row(i, memmem(box, len, "RIFF", 4) == NULL);
        assert_row(i, n < 44 || memmem(box, len, plain + 8, 32) == NULL);
        assert_int_equal(unlock(box, len, key, again, &got), OK);
        assert_int_equal(got, n);
        assert_row(i, memcmp(again, plain, n) == 0);
    }
}

static void an_altered_file_does_not_open(void **state)
{
    struct ctx    *cx = *state;
    unsigned char *plain = arena_alloc(cx->arena, MAX), *box = arena_alloc(cx->arena, MAX);
    unsigned char *again = arena_alloc(cx->arena, MAX);
    size_t         got, len = lock(cx, plain, 300, box, MAX);
    for (size_t i = 0; i < len; i++) {
        box[i] ^= 1;
        assert_row(i, unlock(box, len, key, again, &got) == ERR_INVALID);
        box[i] ^= 1;
    }
    for (size_t n = 0; n < len; n++) assert_row(n, unlock(box, n, key, again, &got) == ERR_INVALID);
    box[len] = 0;
    assert_int_equal(unlock(box, len + 1, key, again, &got), ERR_INVALID);
    assert_int_equal(unlock(box, len, other, again, &got), ERR_INVALID);
    assert_int_equal(unlock(box, len, key, again, &got), OK);
}

static void chunks_keep_their_places(void **state)
{
    enum { STEP = VAULT_CHUNK + VAULT_TAG };
    struct ctx    *cx = *state;
    unsigned char *plain = arena_alloc(cx->arena, MAX), *box = arena_alloc(cx->arena, MAX);
    unsigned char *again = arena_alloc(cx->arena, MAX), *swap = arena_alloc(cx->arena, STEP);
    size_t         got, len = lock(cx, plain, 2 * VAULT_CHUNK, box, MAX);
    memcpy(swap, box + VAULT_HEAD, STEP);
    memmove(box + VAULT_HEAD, box + VAULT_HEAD + STEP, STEP);
    memcpy(box + VAULT_HEAD + STEP, swap, STEP);
    assert_int_equal(unlock(box, len, key, again, &got), ERR_INVALID);
    len = lock(cx, plain, 2 * VAULT_CHUNK, box, MAX);
    assert_int_equal(unlock(box, len - STEP, key, again, &got), ERR_INVALID);
}

UNIT_MAIN(UNIT_TEST(files_of_every_size_come_back), UNIT_TEST(an_altered_file_does_not_open),
          UNIT_TEST(chunks_keep_their_places))
