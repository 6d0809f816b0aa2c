/* twiml_types.h: what the option structs and their macros are made of. Part of twiml.h. */
#ifndef TWIML_TYPES_H
#define TWIML_TYPES_H
#include <stddef.h>

struct twiml_node;

/* For attributes whose default is not known to be "false". */
enum twiml_flag { TWIML_UNSET = 0, TWIML_YES = 1, TWIML_NO = -1 };

/* For numbers where 0 is a value: .loop = TWIML_ZERO is loop="0", for ever. */
#define TWIML_ZERO ((unsigned)-1)

/* twiml_say(node, "text", .voice = "Polly.Amy") calls twiml_add_say(node, options): size is set, the rest is an
 * initialiser list. The 0 and the empty argument make a list of one argument legal in C17. */
/* clang-format off */
#define TWIML_ADD(verb, ...) \
    twiml_add_##verb(TWIML_NODE(__VA_ARGS__, 0), TWIML_OPTIONS(twiml_##verb, __VA_ARGS__, ))
#define TWIML_NODE(node, ...)          (node)
#define TWIML_OPTIONS(type, node, ...) (&(const struct type){ .size = sizeof(struct type), __VA_ARGS__ })
/* clang-format on */

#endif
