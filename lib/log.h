/* Log: JSON lines to standard error, one call of write() each. */
#ifndef LOG_H
#define LOG_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* A member of the line. Exactly one of text and number is used: number when text is NULL and is_number. A NULL text
 * that is no number leaves the member out. */
struct log_field {
    const char *key, *text;
    int64_t     number;
    bool        is_number;
};

#define LOG_TEXT(k, v)          \
    {                           \
        .key = (k), .text = (v) \
    }
#define LOG_NUM(k, v)                                \
    {                                                \
        .key = (k), .number = (v), .is_number = true \
    }

/** Sets what is written; level is a word of the table of settings. Before it: info, numbers masked. */
void log_setup(const char *level, bool pii);

/** {"ts":...,"level":...,"msg":msg,fields...}. Phone numbers inside texts are masked ("+4420...0123") unless
 * log_setup() allowed them. Never fails; a line over 8 KiB loses its last fields. */
void log_line(enum log_level, const char *msg, const struct log_field *, size_t n);

#define LOG(level, msg, ...)                                            \
    log_line((level), (msg), (const struct log_field[]){ __VA_ARGS__ }, \
             sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

#endif
