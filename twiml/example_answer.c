/* The first example of libtwiml(3): answer a call, ring a number, record both sides. */
#include <stdio.h>
#include <twiml.h>

int main(void)
{
    struct twiml      *doc = twiml_new();
    struct twiml_node *r = twiml_response(doc), *dial;
    const char        *xml;
    size_t             len;

    twiml_say(r, "Thanks for calling Fish & Chips.", .voice = "Polly.Amy");
    dial = twiml_dial(r, .record = "record-from-answer-dual", .timeout_s = 20);
    twiml_number(dial, "+15005550006", .status_callback_event = "ringing completed");
    if (twiml_pretty(doc, &xml, &len) == TWIML_OK) fputs(xml, stdout);
    else fprintf(stderr, "%s\n", twiml_error(doc));
    twiml_free(doc);
    return 0;
}
