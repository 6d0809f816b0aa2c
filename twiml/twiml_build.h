/* twiml_build.h: one function and one macro a verb. Part of twiml.h. */
#ifndef TWIML_BUILD_H
#define TWIML_BUILD_H
#include "twiml_connect.h"
#include "twiml_dial.h"
#include "twiml_messaging.h"
#include "twiml_pay.h"
#include "twiml_ssml.h"
#include "twiml_voice.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)
/* Adds the verb as the last child and returns it; NULL after any failure, or if the parent is NULL. size must be set.
 */
struct twiml_node     *twiml_add_say(struct twiml_node *, const struct twiml_say *);
struct twiml_node     *twiml_add_play(struct twiml_node *, const struct twiml_play *);
struct twiml_node     *twiml_add_pause(struct twiml_node *, const struct twiml_pause *);
struct twiml_node     *twiml_add_gather(struct twiml_node *, const struct twiml_gather *);
struct twiml_node     *twiml_add_record(struct twiml_node *, const struct twiml_record *);
struct twiml_node     *twiml_add_redirect(struct twiml_node *, const struct twiml_redirect *);
struct twiml_node     *twiml_add_reject(struct twiml_node *, const struct twiml_reject *);
struct twiml_node     *twiml_add_hangup(struct twiml_node *, const struct twiml_hangup *);
struct twiml_node     *twiml_add_leave(struct twiml_node *, const struct twiml_leave *);
struct twiml_node     *twiml_add_echo(struct twiml_node *, const struct twiml_echo *);
struct twiml_node     *twiml_add_enqueue(struct twiml_node *, const struct twiml_enqueue *);
struct twiml_node     *twiml_add_task(struct twiml_node *, const struct twiml_task *);
struct twiml_node     *twiml_add_sms(struct twiml_node *, const struct twiml_sms *);
struct twiml_node     *twiml_add_refer(struct twiml_node *, const struct twiml_refer *);
struct twiml_node     *twiml_add_dial(struct twiml_node *, const struct twiml_dial *);
struct twiml_node     *twiml_add_number(struct twiml_node *, const struct twiml_number *);
struct twiml_node     *twiml_add_client(struct twiml_node *, const struct twiml_client *);
struct twiml_node     *twiml_add_identity(struct twiml_node *, const struct twiml_identity *);
struct twiml_node     *twiml_add_sip(struct twiml_node *, const struct twiml_sip *);
struct twiml_node     *twiml_add_headers(struct twiml_node *, const struct twiml_headers *);
struct twiml_node     *twiml_add_header(struct twiml_node *, const struct twiml_header *);
struct twiml_node     *twiml_add_uri(struct twiml_node *, const struct twiml_uri *);
struct twiml_node     *twiml_add_conference(struct twiml_node *, const struct twiml_conference *);
struct twiml_node     *twiml_add_queue(struct twiml_node *, const struct twiml_queue *);
struct twiml_node     *twiml_add_application(struct twiml_node *, const struct twiml_application *);
struct twiml_node     *twiml_add_application_sid(struct twiml_node *, const struct twiml_application_sid *);
struct twiml_node     *twiml_add_sim(struct twiml_node *, const struct twiml_sim *);
struct twiml_node     *twiml_add_whatsapp(struct twiml_node *, const struct twiml_whatsapp *);
struct twiml_node     *twiml_add_connect(struct twiml_node *, const struct twiml_connect *);
struct twiml_node     *twiml_add_start(struct twiml_node *, const struct twiml_start *);
struct twiml_node     *twiml_add_stop(struct twiml_node *, const struct twiml_stop *);
struct twiml_node     *twiml_add_stream(struct twiml_node *, const struct twiml_stream *);
struct twiml_node     *twiml_add_parameter(struct twiml_node *, const struct twiml_parameter *);
struct twiml_node     *twiml_add_siprec(struct twiml_node *, const struct twiml_siprec *);
struct twiml_node     *twiml_add_recording(struct twiml_node *, const struct twiml_recording *);
struct twiml_node     *twiml_add_transcription(struct twiml_node *, const struct twiml_transcription *);
struct twiml_node     *twiml_add_config(struct twiml_node *, const struct twiml_config *);
struct twiml_node     *twiml_add_conversation_relay(struct twiml_node *, const struct twiml_conversation_relay *);
struct twiml_node     *twiml_add_language(struct twiml_node *, const struct twiml_language *);
struct twiml_node     *twiml_add_conversation_relay_session(struct twiml_node *,
                                                            const struct twiml_conversation_relay_session *);
struct twiml_node     *twiml_add_ai_session(struct twiml_node *, const struct twiml_ai_session *);
struct twiml_node     *twiml_add_virtual_agent(struct twiml_node *, const struct twiml_virtual_agent *);
struct twiml_node     *twiml_add_autopilot(struct twiml_node *, const struct twiml_autopilot *);
struct twiml_node     *twiml_add_conversation(struct twiml_node *, const struct twiml_conversation *);
struct twiml_node     *twiml_add_room(struct twiml_node *, const struct twiml_room *);
struct twiml_node     *twiml_add_pay(struct twiml_node *, const struct twiml_pay *);
struct twiml_node     *twiml_add_prompt(struct twiml_node *, const struct twiml_prompt *);
struct twiml_node     *twiml_add_break(struct twiml_node *, const struct twiml_break *);
struct twiml_node     *twiml_add_emphasis(struct twiml_node *, const struct twiml_emphasis *);
struct twiml_node     *twiml_add_lang(struct twiml_node *, const struct twiml_lang *);
struct twiml_node     *twiml_add_p(struct twiml_node *, const struct twiml_p *);
struct twiml_node     *twiml_add_phoneme(struct twiml_node *, const struct twiml_phoneme *);
struct twiml_node     *twiml_add_prosody(struct twiml_node *, const struct twiml_prosody *);
struct twiml_node     *twiml_add_s(struct twiml_node *, const struct twiml_s *);
struct twiml_node     *twiml_add_say_as(struct twiml_node *, const struct twiml_say_as *);
struct twiml_node     *twiml_add_sub(struct twiml_node *, const struct twiml_sub *);
struct twiml_node     *twiml_add_w(struct twiml_node *, const struct twiml_w *);
struct twiml_node     *twiml_add_message(struct twiml_node *, const struct twiml_message *);
struct twiml_node     *twiml_add_body(struct twiml_node *, const struct twiml_body *);
struct twiml_node     *twiml_add_media(struct twiml_node *, const struct twiml_media *);
#pragma GCC visibility pop
#ifdef __cplusplus
}
#else

/* C only: C++ has no such literals and fills the struct by itself. */
#define twiml_say(...)                        TWIML_ADD(say, __VA_ARGS__)
#define twiml_play(...)                       TWIML_ADD(play, __VA_ARGS__)
#define twiml_pause(...)                      TWIML_ADD(pause, __VA_ARGS__)
#define twiml_gather(...)                     TWIML_ADD(gather, __VA_ARGS__)
#define twiml_record(...)                     TWIML_ADD(record, __VA_ARGS__)
#define twiml_redirect(...)                   TWIML_ADD(redirect, __VA_ARGS__)
#define twiml_reject(...)                     TWIML_ADD(reject, __VA_ARGS__)
#define twiml_hangup(...)                     TWIML_ADD(hangup, __VA_ARGS__)
#define twiml_leave(...)                      TWIML_ADD(leave, __VA_ARGS__)
#define twiml_echo(...)                       TWIML_ADD(echo, __VA_ARGS__)
#define twiml_enqueue(...)                    TWIML_ADD(enqueue, __VA_ARGS__)
#define twiml_task(...)                       TWIML_ADD(task, __VA_ARGS__)
#define twiml_sms(...)                        TWIML_ADD(sms, __VA_ARGS__)
#define twiml_refer(...)                      TWIML_ADD(refer, __VA_ARGS__)
#define twiml_dial(...)                       TWIML_ADD(dial, __VA_ARGS__)
#define twiml_number(...)                     TWIML_ADD(number, __VA_ARGS__)
#define twiml_client(...)                     TWIML_ADD(client, __VA_ARGS__)
#define twiml_identity(...)                   TWIML_ADD(identity, __VA_ARGS__)
#define twiml_sip(...)                        TWIML_ADD(sip, __VA_ARGS__)
#define twiml_headers(...)                    TWIML_ADD(headers, __VA_ARGS__)
#define twiml_header(...)                     TWIML_ADD(header, __VA_ARGS__)
#define twiml_uri(...)                        TWIML_ADD(uri, __VA_ARGS__)
#define twiml_conference(...)                 TWIML_ADD(conference, __VA_ARGS__)
#define twiml_queue(...)                      TWIML_ADD(queue, __VA_ARGS__)
#define twiml_application(...)                TWIML_ADD(application, __VA_ARGS__)
#define twiml_application_sid(...)            TWIML_ADD(application_sid, __VA_ARGS__)
#define twiml_sim(...)                        TWIML_ADD(sim, __VA_ARGS__)
#define twiml_whatsapp(...)                   TWIML_ADD(whatsapp, __VA_ARGS__)
#define twiml_connect(...)                    TWIML_ADD(connect, __VA_ARGS__)
#define twiml_start(...)                      TWIML_ADD(start, __VA_ARGS__)
#define twiml_stop(...)                       TWIML_ADD(stop, __VA_ARGS__)
#define twiml_stream(...)                     TWIML_ADD(stream, __VA_ARGS__)
#define twiml_parameter(...)                  TWIML_ADD(parameter, __VA_ARGS__)
#define twiml_siprec(...)                     TWIML_ADD(siprec, __VA_ARGS__)
#define twiml_recording(...)                  TWIML_ADD(recording, __VA_ARGS__)
#define twiml_transcription(...)              TWIML_ADD(transcription, __VA_ARGS__)
#define twiml_config(...)                     TWIML_ADD(config, __VA_ARGS__)
#define twiml_conversation_relay(...)         TWIML_ADD(conversation_relay, __VA_ARGS__)
#define twiml_language(...)                   TWIML_ADD(language, __VA_ARGS__)
#define twiml_conversation_relay_session(...) TWIML_ADD(conversation_relay_session, __VA_ARGS__)
#define twiml_ai_session(...)                 TWIML_ADD(ai_session, __VA_ARGS__)
#define twiml_virtual_agent(...)              TWIML_ADD(virtual_agent, __VA_ARGS__)
#define twiml_autopilot(...)                  TWIML_ADD(autopilot, __VA_ARGS__)
#define twiml_conversation(...)               TWIML_ADD(conversation, __VA_ARGS__)
#define twiml_room(...)                       TWIML_ADD(room, __VA_ARGS__)
#define twiml_pay(...)                        TWIML_ADD(pay, __VA_ARGS__)
#define twiml_prompt(...)                     TWIML_ADD(prompt, __VA_ARGS__)
#define twiml_break(...)                      TWIML_ADD(break, __VA_ARGS__)
#define twiml_emphasis(...)                   TWIML_ADD(emphasis, __VA_ARGS__)
#define twiml_lang(...)                       TWIML_ADD(lang, __VA_ARGS__)
#define twiml_p(...)                          TWIML_ADD(p, __VA_ARGS__)
#define twiml_phoneme(...)                    TWIML_ADD(phoneme, __VA_ARGS__)
#define twiml_prosody(...)                    TWIML_ADD(prosody, __VA_ARGS__)
#define twiml_s(...)                          TWIML_ADD(s, __VA_ARGS__)
#define twiml_say_as(...)                     TWIML_ADD(say_as, __VA_ARGS__)
#define twiml_sub(...)                        TWIML_ADD(sub, __VA_ARGS__)
#define twiml_w(...)                          TWIML_ADD(w, __VA_ARGS__)
#define twiml_message(...)                    TWIML_ADD(message, __VA_ARGS__)
#define twiml_body(...)                       TWIML_ADD(body, __VA_ARGS__)
#define twiml_media(...)                      TWIML_ADD(media, __VA_ARGS__)
#endif
#endif
