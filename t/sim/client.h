/* The simulator's own client: plays scenarios and storms against a running simulator. */
#pragma once
#include <cjson/cJSON.h>

/** One request to the control API; NULL if it failed or answered no JSON. status may be NULL. The caller deletes the
 * tree. */
cJSON *client_ask(const char *base, const char *method, const char *path, const cJSON *body, long *status);
/** The same with an API key as bearer; NULL: none. */
cJSON *client_ask_as(const char *key, const char *base, const char *method, const char *path, const cJSON *body,
                     long *status);
/** Waits until the simulator is idle, at most so many real seconds; 0 if it is. */
int    client_wait_idle(const char *base, int seconds);

/** switchhook-sim play FILE --sim URL: prints TAP; 0 if all expectations held. */
int play_main(int argc, char **argv);
/** switchhook-sim storm --sim URL --to NUMBER --calls N [--rate N]: prints a summary; 0 if no webhook failed. */
int storm_main(int argc, char **argv);
