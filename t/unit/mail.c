/* lib/mail: addresses and messages; sending is t/e2e/people. */
#include "mail.h"

#include "config.h"
#include "unit.h"

#include <string.h>

static void an_address_is_one_plain_user_at_host(void **state)
{
    static const char *good[] = { "a@b.example", "a.b+c@sub.example.com", "x@localhost", "o'neil@example.com" };
    static const char *bad[] = { "",
                                 "a",
                                 "@b",
                                 "a@",
                                 "a@b@c",
                                 "a b@c.example",
                                 "<a@b>",
                                 "a@b\r\n",
                                 "a@b.example,c@d.example",
                                 "a@.b",
                                 "a@b.",
                                 "-f@b.example",
                                 "a@b_c",
                                 "m\xC3\xBC@b.example",
                                 "a..b@c.example",
                                 "\"a\"@b.example" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_row(i, mail_address(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_row(i, !mail_address(bad[i]));
}

static void a_message_is_ascii_in_short_lines(void **state)
{
    static const char text[] = "Gr\xC3\xBC\xC3\x9F"
                               "e\n.\n\nand a line that is much longer than seventy-six characters are, by some";
    const struct mail m = { .to = "a@b.example",
                            .subject = "Caf\xC3\xA9 \xE2\x80\x93 your password at the caf\xC3\xA9 "
                                       "around the corner",
                            .text = text };
    const char       *out;
    struct ctx       *cx = *state;
    assert_int_equal(mail_compose(cx, &m, "phone@example.com", "id1", &out), OK);
    assert_non_null(
        strstr(out, "\r\nFrom: <phone@example.com>\r\nTo: <a@b.example>\r\nMessage-ID: <id1@example.com>\r\n"));
    assert_non_null(strstr(out, "\r\nSubject: =?UTF-8?B?Q2Fmw6kg"));
    assert_null(strstr(out, "\r\n.\r\n"));
    for (const char *line = out; *line != '\0';) {
        size_t n = strcspn(line, "\r");
        assert_row(line - out, n <= 76 && strncmp(line + n, "\r\n", 2) == 0);
        for (size_t i = 0; i < n; i++) assert_row(i, line[i] >= 0x20 && line[i] < 0x7F);
        line += n + 2;
    }
}

static void a_header_is_made_by_nobody_else(void **state)
{
    struct ctx *cx = *state;
    const char *out;
    struct mail m = { .to = "a@b.example", .subject = "x\r\nBcc: c@d.example", .text = "" };
    assert_int_equal(mail_compose(cx, &m, "phone@example.com", "id1", &out), OK);
    assert_null(strstr(out, "Bcc"));
    m.to = "a@b.example\r\nBcc: c@d.example";
    assert_int_equal(mail_compose(cx, &m, "phone@example.com", "id1", &out), ERR_INVALID);
    ctx_forgive(cx);
    m.to = "a@b.example";
    assert_int_equal(mail_compose(cx, &m, "Phone <phone@example.com>", "id1", &out), ERR_INVALID);
}

static void without_a_server_nothing_is_sent(void **state)
{
    struct ctx       *cx = *state;
    struct config     cfg = { .mail_from = "phone@example.com" };
    const struct mail m = { .to = "a@b.example", .subject = "x", .text = "x", .timeout_ms = 1000 };
    cx->cfg = &cfg;
    assert_int_equal(mail_send(cx, &m), ERR_NOT_CONFIGURED);
    ctx_forgive(cx);
    cfg.smtp_url = "http://127.0.0.1";
    assert_int_equal(mail_send(cx, &m), ERR_NOT_CONFIGURED);
    ctx_forgive(cx);
    cfg.smtp_url = "smtp://127.0.0.1:1";
    assert_int_equal(mail_send(cx, &m), ERR_UNAVAILABLE);
}

UNIT_MAIN(UNIT_TEST(an_address_is_one_plain_user_at_host), UNIT_TEST(a_message_is_ascii_in_short_lines),
          UNIT_TEST(a_header_is_made_by_nobody_else), UNIT_TEST(without_a_server_nothing_is_sent))
