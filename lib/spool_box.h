/* A record of the spool as bytes: what spool.c and spool_forget.c share. */
#ifndef SPOOL_BOX_H
#define SPOOL_BOX_H
#include <stddef.h>
#include <stdint.h>

enum { SPOOL_HEAD = 8 }; /* u32 length, u32 crc32c, little endian */

/** CRC-32C (Castagnoli) of n bytes. https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
uint32_t spool_crc(const char *, size_t n);

#endif
