/* lib/egress: addresses in every spelling, near and far. */
#include "egress.h"

#include "unit.h"

static const char *const far[] = {
    "https://example.com/hook",
    "https://example.com:8443/",
    "https://93.184.216.34/",
    "https://[2606:2800:220::1]/",
    "https://[::ffff:93.184.216.34]/",
    "https://172.32.0.1/",
    "https://100.128.0.1/",
    "https://192.169.0.1/",
    "https://11.0.0.1/",
    "https://[64:ff9b::5db8:d822]/",
    "https://1.1.1.1",
    "https://xn--bcher-kva.example/?a=b#c",
};
static const char *const near[] = {
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1:8443/",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.1/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://167772161/",
    "https://0xa.0.0.1/",
    "https://012.0.0.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://192.168.257/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://100.64.0.1/",
    "https://100.127.255.255/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.19.255.255/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a00:1]/",
    "https://[fc00::1]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25lo]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2001::1]/",
    "https://[2002:7f00:1::]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
    "https://[fd00:ec2::254]/",
    "http://example.com/",
    "http://127.0.0.1/",
    "http://localhost/",
    "https://user@example.com/",
    "https://user:pw@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "https://",
    "https:///path",
    "https://[::1",
    "https://exa mple.com/",
    "https://example.com/\r\nX: y",
    "//example.com/",
    "",
};

static void only_the_public_internet_may_be_written_to(void **state)
{
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        struct ctx cx = *(struct ctx *)*state;
        assert_row(i, egress_url(&cx, far[i], false) == OK);
    }
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        struct ctx cx = *(struct ctx *)*state;
        assert_row(i, egress_url(&cx, near[i], false) == ERR_INVALID);
    }
}

static void a_demo_may_write_to_its_own_machine_and_no_further(void **state)
{
    static const char *const good[] = { "http://127.0.0.1:8080/hook", "https://127.0.0.1/" };
    static const char *const bad[] = { "https://10.0.0.1/", "https://127.0.0.2/", "http://example.com/",
                                       "https://169.254.169.254/" };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct ctx cx = *(struct ctx *)*state;
        assert_row(i, egress_url(&cx, good[i], true) == OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ctx cx = *(struct ctx *)*state;
        assert_row(i, egress_url(&cx, bad[i], true) == ERR_INVALID);
    }
}

UNIT_MAIN(UNIT_TEST(only_the_public_internet_may_be_written_to),
          UNIT_TEST(a_demo_may_write_to_its_own_machine_and_no_further))
