/* Any bytes as text and attribute of a document: always well-formed XML that says the same when it is read. */
#include "fuzz.h"
#include "twiml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char         *text = malloc(n + 1);
    struct twiml *doc = twiml_new();
    const char   *xml = NULL;
    size_t        len = 0;

    PROMISE(text != NULL && doc != NULL);
    memcpy(text, bytes, n);
    text[n] = '\0';
    struct twiml_node *r = twiml_response(doc);
    twiml_say(r, text);
    twiml_redirect(r, text);
    twiml_attr(r, "comment", text);
    if (twiml_finish(doc, &xml, &len) == TWIML_OK) {
        struct twiml *copy = twiml_read(xml, len);
        PROMISE(copy != NULL && twiml_response(copy) != NULL);
        const struct twiml_node *say = twiml_first_child(twiml_response(copy));
        PROMISE(say != NULL && strcmp(twiml_get_name(say), "Say") == 0);
        twiml_free(copy);
    }
    twiml_free(doc);
    free(text);
    return 0;
}
