/* Handlers of erasures: a part of handlers.h. */
#ifndef ERASURES_H
#define ERASURES_H
#include "route.h"

handler_fn                 erasures_add, erasures_preview, erasures_list, erasures_show;
extern const struct fields erasure_in;

#endif
