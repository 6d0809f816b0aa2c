/* Numbers as people write them: any bytes are a number in E.164 or none. */
#include "phone.h"
#include "check.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const regions[] = { NULL, "GB", "US", "ZZ" };
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        struct phone p, again;
        if (!phone_parse((const char *)bytes, n, regions[i], &p)) continue;
        PROMISE(p.e164[0] == '+' && strlen(p.e164) < sizeof p.e164);
        /* What no plan assigns may lose a leading digit that looks like a national prefix. */
        PROMISE(!p.valid || phone_parse(p.e164, strlen(p.e164), NULL, &again));
        PROMISE(!p.valid || strcmp(p.e164, again.e164) == 0);
        PROMISE(check_utf8(p.place, strlen(p.place)) && check_utf8(p.national, strlen(p.national)));
    }
    return 0;
}
