/* The second example of libtwiml(3): read a document, say what is wrong with it, walk it. */
#include <stdio.h>
#include <string.h>
#include <twiml.h>

static const char xml[] = "<Response>\n"
                          "  <Say colour=\"red\">Hello.</Say>\n"
                          "  <Dial record=\"true\">+15005550006</Dial>\n"
                          "</Response>\n";

int main(void)
{
    struct twiml *doc = twiml_read(xml, strlen(xml));

    for (size_t i = 0; twiml_finding(doc, i) != NULL; i++)
        printf("line %u: %s\n", twiml_finding(doc, i)->line, twiml_finding(doc, i)->text);
    for (struct twiml_node *n = twiml_first_child(twiml_response(doc)); n != NULL; n = twiml_next_sibling(n)) {
        const char *record = twiml_get_attr(n, "record");
        printf("%s \"%s\"%s%s\n", twiml_get_name(n), twiml_get_text(n), record ? " " : "", record ? record : "");
    }
    twiml_free(doc);
    return 0;
}
