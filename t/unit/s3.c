/* lib/s3: signatures against the examples that Amazon prints.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, .../sigv4-query-string-auth.html */
#include "s3.h"

#include "unit.h"

static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char moment[] = "20130524T000000Z", host[] = "examplebucket.s3.amazonaws.com";

static const struct s3 printed = { .endpoint = "https://examplebucket.s3.amazonaws.com",
                                   .region = "us-east-1",
                                   .id = "AKIAIOSFODNN7EXAMPLE",
                                   .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

static void signs_as_amazon_prints_it(void **state)
{
    struct ctx *cx = *state;
    const struct {
        struct s3_request rq;
        const char       *want;
    } rows[] = {
        { { "GET", host, "/test.txt", "",
            "range:bytes=0-9\nx-amz-content-sha256:"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nx-amz-date:20130524T000000Z\n",
            "range;x-amz-content-sha256;x-amz-date", empty },
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41" },
        { { "GET", host, "/", "lifecycle=",
            "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
            "x-amz-date:20130524T000000Z\n",
            "x-amz-content-sha256;x-amz-date", empty },
          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543" },
        { { "GET", host, "/", "max-keys=2&prefix=J",
            "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
            "x-amz-date:20130524T000000Z\n",
            "x-amz-content-sha256;x-amz-date", empty },
          "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(s3_sign(cx->arena, &printed, &rows[i].rq, moment), rows[i].want);
}

static void links_as_amazon_prints_it(void **state)
{
    struct ctx *cx = *state;
    assert_string_equal(
        s3_link(cx->arena, &printed, "test.txt", 86400, 1369353600000),
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3"
        "%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

static void names_the_bucket_where_the_host_does_not(void **state)
{
    struct ctx *cx = *state;
    struct s3   s = printed;
    s.bucket = "calls";
    assert_memory_equal(s3_link(cx->arena, &s, "a/b.wav", 60, 0), "/calls/a/b.wav?", 15);
}

UNIT_MAIN(UNIT_TEST(signs_as_amazon_prints_it), UNIT_TEST(links_as_amazon_prints_it),
          UNIT_TEST(names_the_bucket_where_the_host_does_not))
