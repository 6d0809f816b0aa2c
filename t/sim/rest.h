/* Twilio's REST resources, the OpenAI endpoints and the control API: what their handlers share. */
#pragma once
#include "http.h"
#include "world.h"

/** Twilio's error body. */
void rest_fail(struct reply *r, int status, int code, const char *fmt, ...) PRINTF(4, 5);
/** Refuses parameters that a handler does not take with 20001; false if it did. */
bool rest_params_known(http_answer *answer, const struct request *q, struct reply *r);
void rest_not_found(const struct request *q, struct reply *r);

/** Members of an object; a NULL text becomes null. */
void json_text(cJSON *o, const char *name, const char *value);
void json_int(cJSON *o, const char *name, int64_t value);
void json_bool(cJSON *o, const char *name, bool value);
void json_date(cJSON *o, const char *name, int64_t unix_ms); /* RFC 2822; negative is null */
void json_time(cJSON *o, const char *name, int64_t unix_ms); /* RFC 3339; negative is null */

/** One page of a list, newest first as given: name of the array, how to show an item, what identifies it. */
struct page {
    const char *name;
    void      **v;
    size_t      n;
    cJSON *(*show)(void *item);
    const char *(*sid)(void *item);
};
void        rest_page(const struct request *q, struct reply *r, const struct page *p);
/** Does an instant pass the filters name, name<, name> of the query? */
bool        rest_dated(const struct form *query, const char *name, int64_t unix_ms);
/** Is the filter absent or equal? */
bool        rest_equal(const struct form *query, const char *name, const char *value);
const char *rest_uri(const char *fmt, ...) PRINTF(1, 2); /* below /2010-04-01/Accounts/AC…; kept */

/** The table of all routes. */
http_answer rest_answer;

http_answer calls_create, calls_list, calls_fetch, calls_update, calls_delete;
http_answer recordings_list, recordings_of_call, recordings_fetch, recordings_delete, recordings_start,
    recordings_update, recordings_wav, recordings_mp3;
http_answer numbers_list, numbers_create, numbers_fetch, numbers_update, numbers_delete, numbers_countries,
    numbers_search;
http_answer rooms_list, rooms_fetch, rooms_update, members_list, members_fetch, members_create, members_update,
    members_delete;
http_answer queues_list, queues_create, queues_fetch, queues_update, queues_delete, queue_members_list,
    queue_members_fetch, queue_members_update;
http_answer apps_list, apps_create, apps_fetch, apps_update, apps_delete;
http_answer messages_list, messages_create, messages_fetch, messages_update, messages_delete, sim_message_create,
    sim_message_list;
http_answer usage_records, pricing_voice;
http_answer recordings_of_room;
http_answer account_fetch, accounts_list, account_balance, alerts_list, alerts_fetch;
http_answer ai_transcribe, ai_chat, ai_models;
http_answer sim_call_create, sim_call_list, sim_call_fetch, sim_call_hangup, sim_call_answer, sim_call_redirect,
    sim_number_create, sim_number_list, sim_phone_put, sim_phone_list, sim_fault_add, sim_fault_list, sim_fault_clear,
    sim_ledger, sim_alerts, sim_reset, sim_clock, sim_state, sim_storm, sim_summary;
