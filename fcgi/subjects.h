/* Handlers about one person: a part of handlers.h. */
#ifndef SUBJECTS_H
#define SUBJECTS_H
#include "field.h"
#include "route.h"

/* subjects.c */
handler_fn                 subjects_export;
extern const struct fields subject_in;

#endif
