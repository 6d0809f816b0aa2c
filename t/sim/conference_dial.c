/* Dial with a Conference noun: the room by its name, and how the caller takes part. */
#include "conference.h"
#include "hooks.h"
#include "sign.h"
#include "url.h"

#include <string.h>

enum { MAX_MEMBERS = 250 };

static struct conference *room_of(const char *name)
{
    for (size_t i = 0; i < world.conferences.n; i++) {
        struct conference *room = world.conferences.v[i];
        if (strcmp(room->name, name) == 0 && strcmp(room->status, "completed") != 0) return room;
    }
    struct conference *room = keep(sizeof *room);
    *room = (struct conference){ .sid = chance_sid("CF"),
                                 .name = keep_str(name),
                                 .status = "init",
                                 .unix0 = clock_wall_ms(),
                                 .now0 = clock_now(),
                                 .max = MAX_MEMBERS };
    list_add(&world.conferences, room);
    return room;
}

static unsigned events_of(const char *words)
{
    static const char *const names[] = { "start", "end",    "join",    "leave",       "mute",
                                         "hold",  "modify", "speaker", "announcement" };
    unsigned                 set = 0;
    for (size_t i = 0; words != NULL && i < 9; i++)
        if (strstr(words, names[i]) != NULL) set |= 1u << i;
    return set;
}

void conference_dial(struct call *c, const xmlNode *dial, const xmlNode *n)
{
    struct conference *room = room_of(run_content(n));
    struct member     *m = keep(sizeof *m);
    const char        *events = run_attr(n, "recordingStatusCallbackEvent");
    *m = (struct member){ .label = run_attr(n, "participantLabel"),
                          .action = run_attr_url(c, dial, "action"),
                          .method = run_attr(dial, "method"),
                          .wait_url = run_attr_url(c, n, "waitUrl"),
                          .wait_method = run_attr(n, "waitMethod"),
                          .coach = run_attr(n, "coach"),
                          .muted = run_attr_is(n, "muted", "true"),
                          .start_on_enter = !run_attr_is(n, "startConferenceOnEnter", "false"),
                          .end_on_exit = run_attr_is(n, "endConferenceOnExit", "true") };
    if (room->url == NULL && run_attr(n, "statusCallback") != NULL) {
        room->url = run_attr_url(c, n, "statusCallback");
        room->method = run_attr(n, "statusCallbackMethod");
        room->events = events_of(run_attr(n, "statusCallbackEvent"));
    }
    if (run_attr_is(n, "record", "record-from-start") || run_attr_is(n, "record", "true")) room->record = true;
    if (room->report.url == NULL)
        room->report = (struct rec_report){ .url = run_attr_url(c, n, "recordingStatusCallback"),
                                            .method = run_attr(n, "recordingStatusCallbackMethod"),
                                            .events = events != NULL ? hook_rec_events(events) : REC_ON_COMPLETED };
    conference_join(c, room, m);
}
