/* For whoever watches us. */
#include "handlers.h"

#include "sql.h"

/* GET /api/health -> 200 {"status":"ok"} | 503: public, so it says nothing more. */
enum err ops_health(struct req *rq, struct res *rs)
{
    struct sql_health_ping ping;
    TRY(sql_health_ping(rq->ctx, &ping));
    return res_json(rs, 200, "{\"status\":\"ok\"}\n");
}
