/* lib/erasure, lib/tomb, lib/spool_forget: how a person is known, what outlives the database, what stays on disk. */
#include "erasure.h"
#include "db.h"
#include "phone.h"
#include "seal.h"
#include "spool.h"
#include "spool_box.h"
#include "tomb.h"
#include "unit.h"

#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define A      "01890000-0000-7000-8000-0000000000aa"
#define B      "01890000-0000-7000-8000-0000000000bb"
#define X      "01890000-0000-7000-8000-0000000000f1"
#define Y      "01890000-0000-7000-8000-0000000000f2"
#define PERSON "+447700900123"

static const char *folder(struct ctx *cx)
{
    char *dir = arena_strdup(cx->arena, "/tmp/erasure-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void remove_all(struct ctx *cx, const char *dir, const char *const *paths)
{
    for (size_t i = 0; paths[i] != NULL; i++) (void)remove(arena_printf(cx->arena, "%s/%s", dir, paths[i]));
    assert_int_equal(rmdir(dir), 0);
}

static void write_file(const char *path, const void *bytes, size_t n, int flags)
{
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
    assert_true(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    (void)close(fd);
}

static struct seal_keys *keys(struct ctx *cx, const char *dir, const char *text)
{
    struct seal_keys *k;
    const char       *path = arena_printf(cx->arena, "%s/keys", dir);
    write_file(path, text, strlen(text), O_TRUNC);
    assert_int_equal(seal_keys_read(cx, path, &k), OK);
    return k;
}

#define HEX  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX2 "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void person_has_many_forms(void **state)
{
    struct ctx *cx = *state;
    phone_init();
    const struct subject s = erasure_subject(cx, PERSON), none = erasure_subject(cx, NULL);
    assert_string_equal(s.numbers, "[\"+447700900123\"]");
    assert_string_equal(s.words, "[\"+44 7700 900123\",\"+447700900123\",\"447700900123\",\"07700 900123\","
                                 "\"07700900123\"]");
    assert_string_equal(none.numbers, "[]");
    assert_string_equal(none.words, "[]");
    assert_true(erasure_tells(&s, "From=%2B447700900123&", 21));
    assert_false(erasure_tells(&s, "From=%2B447700900124&", 21));
    assert_false(erasure_tells(&none, "447700900123", 12));
}

static void mark_is_of_tenant_number_and_key(void **state)
{
    struct ctx        *cx = *state;
    const char        *dir = folder(cx), *m, *subject, *all;
    static const char *gone[] = { "keys", NULL };
    struct seal_keys  *one = keys(cx, dir, "k1 " HEX "\n"), *two = keys(cx, dir, "k1 " HEX "\nk2 " HEX2 "\n");
    assert_null(erasure_marks(cx, A, PERSON));
    cx->tenant = A;
    assert_int_equal(erasure_seal(cx, X, PERSON, &m, &subject), ERR_NOT_CONFIGURED);
    cx->err = (struct error){ .code = OK };
    cx->keys = one;
    assert_int_equal(erasure_seal(cx, X, PERSON, &m, &subject), OK);
    assert_memory_equal(m, "erased1|k1|", 11);
    assert_int_equal(strlen(m), 11 + 64);
    assert_string_equal(erasure_marks(cx, A, PERSON), m);
    assert_string_not_equal(erasure_marks(cx, B, PERSON), m);
    assert_string_not_equal(erasure_marks(cx, A, "+447700900124"), m);
    assert_int_equal(seal_open(cx, one, erasure_place(cx, X), subject, &all), OK);
    assert_string_equal(all, PERSON);
    assert_int_not_equal(seal_open(cx, one, erasure_place(cx, Y), subject, &all), OK);
    cx->err = (struct error){ .code = OK };
    cx->keys = two; /* a newer key: the old mark is still found */
    all = erasure_marks(cx, A, PERSON);
    assert_non_null(strstr(all, m));
    assert_non_null(strstr(all, "erased1|k2|"));
    assert_int_equal(erasure_seal(cx, X, NULL, &m, &subject), OK);
    assert_null(m);
    assert_null(subject);
    seal_forget(one);
    seal_forget(two);
    remove_all(cx, dir, gone);
}

static void tombstones_are_added_and_read_again(void **state)
{
    struct ctx              *cx = *state;
    const char              *dir = folder(cx), *file = arena_printf(cx->arena, "%s/erasures/tombstones", dir);
    static const char       *gone[] = { "erasures/tombstones", "erasures", NULL };
    static const char        torn[] = "1 " X " 0189";
    static const struct tomb v[] = { { Y, A, "erased1|k1|x", "[]", 7 }, { X, B, NULL, "[\"" A "\",\"" B "\"]", 8 } };
    struct tombs             all;
    struct stat              st;
    assert_int_equal(tomb_read(cx, dir, &all), OK);
    assert_int_equal(all.n, 0);
    assert_false(tomb_has(&all, X));
    assert_int_equal(tomb_add(cx, dir, v, 1), OK);
    write_file(file, torn, sizeof torn - 1, O_APPEND); /* a crash in the middle of a line */
    assert_int_equal(tomb_read(cx, dir, &all), OK);
    assert_int_equal(all.n, 1);
    assert_int_equal(tomb_add(cx, dir, v + 1, 1), OK);
    assert_int_equal(tomb_add(cx, dir, v, 2), OK); /* twice is once */
    assert_int_equal(tomb_read(cx, dir, &all), OK);
    assert_int_equal(all.n, 2);
    assert_string_equal(all.v[0].id, X);
    assert_null(all.v[0].mark);
    assert_string_equal(all.v[0].contacts, v[1].contacts);
    assert_int_equal(all.v[0].asked_us, 8);
    assert_string_equal(all.v[1].mark, "erased1|k1|x");
    assert_string_equal(all.v[1].tenant, A);
    assert_true(tomb_has(&all, X) && tomb_has(&all, Y) && !tomb_has(&all, A));
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    remove_all(cx, dir, gone);
}

static void tombstones_need_a_folder(void **state)
{
    struct ctx              *cx = *state;
    static const struct tomb v = { X, A, NULL, "[]", 1 };
    assert_int_equal(tomb_add(cx, "/nowhere/at/all", &v, 1), ERR_INTERNAL);
}

/* Appends a record with a body of a tenant. */
static void record(struct ctx *cx, const char *path, const char *tenant, const char *body)
{
    char        text[512];
    int         n = snprintf(text, sizeof text, "voice.status%c%s%cAC%c%c1%c%s", 0, tenant, 0, 0, 0, 0, body);
    uint32_t    head[2] = { htole32((uint32_t)n), htole32(spool_crc(text, (size_t)n)) };
    const void *all = arena_copy(cx->arena, text, (size_t)n);
    write_file(path, head, sizeof head, O_APPEND);
    write_file(path, all, (size_t)n, O_APPEND);
}

static void ruins_of_the_spool_forget(void **state)
{
    struct ctx          *cx = *state;
    const char          *dir = folder(cx), *path = arena_printf(cx->arena, "%s/spool/a.drain.quarantine", dir);
    static const char   *gone[] = { "spool/a.drain.quarantine", "spool/a.log", "spool", NULL };
    static const char    ruin[] = "\xff\xff\xff\xff\0\0From=%2B447700900123\0To=x\0";
    const char          *log = arena_printf(cx->arena, "%s/spool/a.log", dir);
    const struct subject s = erasure_subject(cx, PERSON);
    char                 text[2048];
    cx->tenant = A;
    assert_int_equal(mkdir(arena_printf(cx->arena, "%s/spool", dir), 0700), 0);
    record(cx, path, A, "From=%2B447700900123&X=1");
    record(cx, path, B, "From=%2B447700900123&X=2"); /* another tenant's */
    record(cx, path, A, "From=%2B447700900124&X=3"); /* somebody else */
    write_file(path, ruin, sizeof ruin - 1, O_APPEND);
    record(cx, log, A, "From=%2B447700900123&X=4"); /* is still to come in */
    assert_int_equal(spool_forget(cx, dir, &s), OK);
    int     fd = open(path, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text);
    (void)close(fd);
    assert_true(n > 0);
    assert_null(memmem(text, (size_t)n, "X=1", 3));
    assert_non_null(memmem(text, (size_t)n, "447700900123&X=2", 16));
    assert_non_null(memmem(text, (size_t)n, "447700900124&X=3", 16));
    assert_null(memmem(text, (size_t)n, "From=%2B447700900123\0", 21));
    assert_non_null(memmem(text, (size_t)n, "To=x", 4));
    fd = open(log, O_RDONLY);
    n = read(fd, text, sizeof text);
    (void)close(fd);
    assert_non_null(memmem(text, (size_t)n, "447700900123&X=4", 16));
    remove_all(cx, dir, gone);
}

UNIT_MAIN(UNIT_TEST(person_has_many_forms), UNIT_TEST(mark_is_of_tenant_number_and_key),
          UNIT_TEST(tombstones_are_added_and_read_again), UNIT_TEST(tombstones_need_a_folder),
          UNIT_TEST(ruins_of_the_spool_forget))
