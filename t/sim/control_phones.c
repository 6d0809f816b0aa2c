/* The control API about numbers and phones. */
#include "control.h"

#include <string.h>

/* POST /sim/numbers {phone_number, voice_url, voice_method, voice_fallback_url, status_callback, sms_url,
 * friendly_name} -> 201 {sid, phone_number} */
void sim_number_create(struct request *q, struct reply *r)
{
    static const char *const names[][2] = { { "voice_url", "VoiceUrl" },
                                            { "voice_method", "VoiceMethod" },
                                            { "voice_fallback_url", "VoiceFallbackUrl" },
                                            { "status_callback", "StatusCallback" },
                                            { "status_callback_method", "StatusCallbackMethod" },
                                            { "sms_url", "SmsUrl" },
                                            { "voice_application_sid", "VoiceApplicationSid" },
                                            { "trunk_sid", "TrunkSid" },
                                            { "friendly_name", "FriendlyName" } };
    cJSON                   *o = cJSON_Parse(q->body);
    const char              *e164 = control_text_of(o, "phone_number");
    struct form              f = { 0 };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (control_text_of(o, names[i][0]) != NULL) form_add(&f, names[i][1], control_text_of(o, names[i][0]));
    cJSON_Delete(o);
    if (e164 == NULL) control_refuse(r, 400, "phone_number is needed");
    else {
        struct number *old = world_number(e164);
        if (old != NULL) old->released = true;
        struct number *n = number_new(e164, &f);
        cJSON         *reply = cJSON_CreateObject();
        json_text(reply, "sid", n->sid);
        json_text(reply, "phone_number", n->e164);
        reply_json(r, 201, reply);
    }
    form_free(&f);
}

void sim_number_list(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "numbers");
    (void)q;
    for (size_t i = 0; i < world.numbers.n; i++) {
        const struct number *n = world.numbers.v[i];
        if (n->released) continue;
        cJSON *j = cJSON_CreateObject();
        json_text(j, "sid", n->sid);
        json_text(j, "phone_number", n->e164);
        for (size_t k = 0; k < n->set.n; k++) json_text(j, n->set.v[k].name, n->set.v[k].value);
        cJSON_AddItemToArray(a, j);
    }
    reply_json(r, 200, o);
}

static bool answer_known(const char *word)
{
    static const char *const words[] = { "yes", "no", "busy", "fail", "reject", "machine" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return true;
    return false;
}

/* PUT /sim/phones/{address} {answer, after_s, lines, who, hangs_up_after_s, presses, says} -> 200 */
void sim_phone_put(struct request *q, struct reply *r)
{
    cJSON      *o = cJSON_Parse(q->body);
    const char *answer = control_text_of(o, "answer");
    if (answer != NULL && !answer_known(answer)) {
        control_refuse(r, 400, "answer: yes, no, busy, fail, reject or machine");
        cJSON_Delete(o);
        return;
    }
    struct phone *p = world_phone(q->seg[0], true);
    p->answer = answer != NULL ? answer : "yes";
    p->after_ms = control_ms_of(o, "after_s", 3);
    p->script = control_script_of(cJSON_GetObjectItemCaseSensitive(o, "lines"));
    p->who = control_text_of(o, "who");
    p->hangs_up_after_ms = control_ms_of(o, "hangs_up_after_s", 0);
    p->presses = control_joined(o, "presses", ' ');
    p->says = control_joined(o, "says", '|');
    cJSON_Delete(o);
    cJSON *reply = cJSON_CreateObject();
    json_text(reply, "address", p->address);
    json_text(reply, "answer", p->answer);
    json_int(reply, "after_ms", p->after_ms);
    reply_json(r, 200, reply);
}

void sim_phone_list(struct request *q, struct reply *r)
{
    cJSON *o = cJSON_CreateObject(), *a = cJSON_AddArrayToObject(o, "phones");
    (void)q;
    for (size_t i = 0; i < world.phones.n; i++) {
        const struct phone *p = world.phones.v[i];
        cJSON              *j = cJSON_CreateObject();
        json_text(j, "address", p->address);
        json_text(j, "answer", p->answer);
        json_int(j, "after_ms", p->after_ms);
        json_int(j, "lines", (int64_t)p->script.n);
        cJSON_AddItemToArray(a, j);
    }
    reply_json(r, 200, o);
}
