/* Feeds files, or a few built-in inputs, to a fuzz target: what its program is in a build without libFuzzer. */
#include "fuzz.h"

#include <stdio.h>

enum { FILE_MAX = 1 << 20 };

static const char *const built_in[] = {
    "",
    "\0",
    "CallSid=CA00000000000000000000000000000001&From=%2B442079460123&CallStatus=ringing",
    "a=1&a=2&&=&%&%4&%zz&a=%00&b=%ff",
    "{\"a\":[1,2.5e300,true,null,\"\\u00e9\\ud83d\\ude00\"],\"b\":{\"c\":{}}}",
    "{\"a\":1,\"a\":2}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "\"\\u0000\"",
    "\"\xc0\x80\"",
    "A=b\n# comment\nB=\"c \\\" d\"\nC='e' f\\\ng\n",
    "<Response><Say>Hi &amp; bye</Say><Dial record=\"true\"><Number>+1</Number></Dial></Response>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><Response><Say>&b;</Say></Response>",
    "+44 20 7946 0958",
    "\xff\xfe\x01\x02",
};

static int replay(const char *path)
{
    static unsigned char bytes[FILE_MAX];
    FILE                *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        return 1;
    }
    size_t n = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    return LLVMFuzzerTestOneInput(bytes, n);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (replay(argv[i]) != 0) return 1;
    for (size_t i = 0; argc == 1 && i < sizeof built_in / sizeof *built_in; i++) {
        size_t n = built_in[i][0] == '\0' ? i : strlen(built_in[i]); /* the second one is a single NUL */
        if (LLVMFuzzerTestOneInput((const unsigned char *)built_in[i], n) != 0) return 1;
    }
    (void)puts("1..1\nok 1 - replayed");
    return 0;
}
