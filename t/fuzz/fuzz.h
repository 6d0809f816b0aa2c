/* What libFuzzer calls, and the helpers of the targets. https://llvm.org/docs/LibFuzzer.html */
#ifndef FUZZ_H
#define FUZZ_H
#include "ctx.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* A promise of the header that does not hold is a crash that the fuzzer keeps. */
#define PROMISE(fact) ((fact) ? (void)0 : abort())

/** One unit of work for all inputs of a process, emptied for each. */
static inline struct ctx *fuzz_ctx(void)
{
    static struct arena *arena;
    static struct ctx    cx;
    if (arena == NULL) arena = arena_new(64U << 20);
    arena_reset(arena);
    cx = (struct ctx){ .arena = arena };
    return &cx;
}

#endif
