/* Stored metadata follow the tenant's option. */
#ifndef METADATA_H
#define METADATA_H
#include "ctx.h"

/** Converts what cx->tenant has stored, for two seconds at most; the next call goes on where this one ended. Pass after
 * pass, until one that began two minutes after the option was set finds nothing. NOT_CONFIGURED: the tenant's key does
 * not open. */
enum err metadata_follow(struct ctx *) MUST_CHECK;

#endif
