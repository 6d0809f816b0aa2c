/* Deleting files of recordings: one, and what killed sweeps left behind. */
#include "check.h"
#include "clock.h"
#include "recording.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void recording_drop(struct ctx *cx, const char *dir, const char *path)
{
    (void)unlink(arena_printf(cx->arena, "%s/%s", dir, path)); /* what stays is swept up later */
}

/* <sid>.wav and <sid>.wav.enc are recordings; everything else is a temporary file or a kept reply of a model. */
static bool is_recording(struct ctx *cx, const char *name)
{
    enum { SID = 34 };
    return strlen(name) > SID && (strcmp(name + SID, ".wav") == 0 || strcmp(name + SID, ".wav.enc") == 0)
           && check_sid(arena_copy(cx->arena, name, SID), "RE");
}

static int64_t sweep_folder(struct ctx *cx, const char *dir, const char *tenant, int64_t before_s)
{
    const char *folder = arena_printf(cx->arena, "%s/%s", dir, tenant);
    DIR        *d = opendir(folder);
    int64_t     n = 0;
    if (d == NULL) return 0;
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        if (is_recording(cx, e->d_name) || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (!S_ISREG(st.st_mode) || st.st_mtime >= before_s) continue;
        recording_drop(cx, folder, e->d_name);
        n++;
    }
    (void)closedir(d);
    return n;
}

int64_t recording_sweep(struct ctx *cx, const char *dir, int64_t max_age_s)
{
    DIR    *d = opendir(dir);
    int64_t n = 0;
    if (d == NULL) return 0; /* nothing was ever kept */
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        if (check_uuid(e->d_name)) n += sweep_folder(cx, dir, e->d_name, clock_unix_ms() / 1000 - max_age_s);
    (void)closedir(d);
    return n;
}
