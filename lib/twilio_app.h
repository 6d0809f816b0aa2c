/* The TwiML App that browsers' calls go through: made or adopted, told where its webhooks are, and read back.
 * https://www.twilio.com/docs/usage/api/applications */
#ifndef TWILIO_APP_H
#define TWILIO_APP_H
#include "twilio.h"

struct twilio_app {
    const char *sid, *name, *voice_url, *voice_method, *status_url, *status_method; /* "" where Twilio says null */
    bool        made;                                                               /* by this call */
};

/** Sees to an application whose calls come to public_url: the one with sid if there is still one, else the one called
 * name, else a new one. Its addresses are set where they differ and read back. UPSTREAM: Twilio shows others than were
 * set; else as twilio.h. */
enum err twilio_app_ensure(struct ctx *, const struct twilio *, const char *public_url, const char *sid,
                           const char *name, struct twilio_app *out) MUST_CHECK;

/** The same for the tenant of cx, whose application is named after the installation and the tenant; what it is goes
 * into its configuration. NOT_CONFIGURED: no account, or PUBLIC_URL is not set. */
enum err twilio_app_settle(struct ctx *, const char *actor, struct twilio_app *out) MUST_CHECK;

#endif
