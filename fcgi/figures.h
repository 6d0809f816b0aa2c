/* Handlers of questions about figures and money, and their tables: a part of handlers.h. */
#ifndef FIGURES_H
#define FIGURES_H
#include "field.h"
#include "route.h"
#include "stats_name.h"

/* doctor.c */
handler_fn doctor_show;

/* stats.c: one handler of reports, the route's arg says which */
handler_fn                 stats_show, calls_attribution;
extern const struct fields stats_query, stats_summary_query, stats_timeline_query, stats_breakdown_query,
    stats_callers_query, stats_tracking_query, stats_costs_query, stats_attribution_query;

/* money.c */
enum list_name { LIST_DISPOSITIONS, LIST_RULES, LIST_PRICES };
enum money_name { MONEY_CONVERSIONS, MONEY_BUDGETS };
handler_fn lists_show, lists_set, money_list, conversions_add, conversions_import, marketing_set, budgets_add,
    budgets_remove, views_list, views_add, views_remove;
extern const struct fields conversion_in, marketing_in, budget_in, view_in, dispositions_in, rules_in, prices_in;

#endif
