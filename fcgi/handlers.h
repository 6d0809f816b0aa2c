/* Handlers of api and auth, by file. The hooks pool has none: its rows name a kind of event. */
#ifndef HANDLERS_H
#define HANDLERS_H
#include "route.h"

/* calls.c */
handler_fn calls_initiate, calls_make, calls_list, calls_show;

/* recordings.c */
handler_fn recordings_of_call;

/* sessions.c */
handler_fn sessions_open, sessions_close;

/* ops.c */
handler_fn ops_health;

#endif
