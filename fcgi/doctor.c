/* What is wrong here, for a tenant's admins. */
#include "doctor.h"

#include "handlers.h"

enum { DOC_MAX = 256 << 10 };

static void write_finding(struct buf *b, const struct doctor_finding *f)
{
    const char *const        texts[] = { f->check->id, f->check->what, doctor_word(f->state), f->check->consequence,
                                         f->check->fix };
    static const char *const names[] = { "id", "what", "state", "consequence", "fix" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buf_printf(b, "%s\"%s\":", i == 0 ? "{" : ",", names[i]);
        buf_json(b, texts[i]);
    }
    buf_printf(b, ",\"count\":%lld,\"items\":%s}", (long long)f->n, f->items);
}

/* GET /api/v1/doctor -> 200 {"errors","warnings","ok","findings":[{"id","what","state","count","items",...}]} */
enum err doctor_show(struct req *rq, struct res *rs)
{
    struct doctor d;
    struct buf    b = buf_new(rq->ctx->arena, DOC_MAX);
    TRY(doctor_run(rq->ctx, &d));
    buf_printf(&b, "{\"errors\":%zu,\"warnings\":%zu,\"ok\":%zu,\"findings\":[", d.count[DOCTOR_ERROR],
               d.count[DOCTOR_WARNING], d.count[DOCTOR_OK]);
    for (size_t i = 0; i < d.n; i++) {
        if (i > 0) buf_str(&b, ",");
        write_finding(&b, &d.findings[i]);
    }
    buf_str(&b, "]}\n");
    return b.full ? ctx_fail(rq->ctx, ERR_INTERNAL, "the findings are too long") : res_json(rs, 200, b.at);
}
