/* The typed functions, one a verb: what each may hold is its row in verbs.c. */
#include "twiml.h"

#include "doc.h"
#include "verbs.h"

#define NODE struct twiml_node

/* clang-format off */

NODE *twiml_add_say(NODE *n, const struct twiml_say *o) { return tw_add(n, V_SAY, o); }
NODE *twiml_add_play(NODE *n, const struct twiml_play *o) { return tw_add(n, V_PLAY, o); }
NODE *twiml_add_pause(NODE *n, const struct twiml_pause *o) { return tw_add(n, V_PAUSE, o); }
NODE *twiml_add_gather(NODE *n, const struct twiml_gather *o) { return tw_add(n, V_GATHER, o); }
NODE *twiml_add_record(NODE *n, const struct twiml_record *o) { return tw_add(n, V_RECORD, o); }
NODE *twiml_add_redirect(NODE *n, const struct twiml_redirect *o) { return tw_add(n, V_REDIRECT, o); }
NODE *twiml_add_reject(NODE *n, const struct twiml_reject *o) { return tw_add(n, V_REJECT, o); }
NODE *twiml_add_hangup(NODE *n, const struct twiml_hangup *o) { return tw_add(n, V_HANGUP, o); }
NODE *twiml_add_leave(NODE *n, const struct twiml_leave *o) { return tw_add(n, V_LEAVE, o); }
NODE *twiml_add_echo(NODE *n, const struct twiml_echo *o) { return tw_add(n, V_ECHO, o); }
NODE *twiml_add_enqueue(NODE *n, const struct twiml_enqueue *o) { return tw_add(n, V_ENQUEUE, o); }
NODE *twiml_add_task(NODE *n, const struct twiml_task *o) { return tw_add(n, V_TASK, o); }
NODE *twiml_add_sms(NODE *n, const struct twiml_sms *o) { return tw_add(n, V_SMS, o); }
NODE *twiml_add_refer(NODE *n, const struct twiml_refer *o) { return tw_add(n, V_REFER, o); }
NODE *twiml_add_dial(NODE *n, const struct twiml_dial *o) { return tw_add(n, V_DIAL, o); }
NODE *twiml_add_number(NODE *n, const struct twiml_number *o) { return tw_add(n, V_NUMBER, o); }
NODE *twiml_add_client(NODE *n, const struct twiml_client *o) { return tw_add(n, V_CLIENT, o); }
NODE *twiml_add_identity(NODE *n, const struct twiml_identity *o) { return tw_add(n, V_IDENTITY, o); }
NODE *twiml_add_sip(NODE *n, const struct twiml_sip *o) { return tw_add(n, V_SIP, o); }
NODE *twiml_add_headers(NODE *n, const struct twiml_headers *o) { return tw_add(n, V_HEADERS, o); }
NODE *twiml_add_header(NODE *n, const struct twiml_header *o) { return tw_add(n, V_HEADER, o); }
NODE *twiml_add_uri(NODE *n, const struct twiml_uri *o) { return tw_add(n, V_URI, o); }
NODE *twiml_add_conference(NODE *n, const struct twiml_conference *o) { return tw_add(n, V_CONFERENCE, o); }
NODE *twiml_add_queue(NODE *n, const struct twiml_queue *o) { return tw_add(n, V_QUEUE, o); }
NODE *twiml_add_application(NODE *n, const struct twiml_application *o) { return tw_add(n, V_APPLICATION, o); }
NODE *twiml_add_application_sid(NODE *n, const struct twiml_application_sid *o)
{ return tw_add(n, V_APPLICATION_SID, o); }
NODE *twiml_add_sim(NODE *n, const struct twiml_sim *o) { return tw_add(n, V_SIM, o); }
NODE *twiml_add_whatsapp(NODE *n, const struct twiml_whatsapp *o) { return tw_add(n, V_WHATSAPP, o); }
NODE *twiml_add_connect(NODE *n, const struct twiml_connect *o) { return tw_add(n, V_CONNECT, o); }
NODE *twiml_add_start(NODE *n, const struct twiml_start *o) { return tw_add(n, V_START, o); }
NODE *twiml_add_stop(NODE *n, const struct twiml_stop *o) { return tw_add(n, V_STOP, o); }
NODE *twiml_add_stream(NODE *n, const struct twiml_stream *o) { return tw_add(n, V_STREAM, o); }
NODE *twiml_add_parameter(NODE *n, const struct twiml_parameter *o) { return tw_add(n, V_PARAMETER, o); }
NODE *twiml_add_siprec(NODE *n, const struct twiml_siprec *o) { return tw_add(n, V_SIPREC, o); }
NODE *twiml_add_recording(NODE *n, const struct twiml_recording *o) { return tw_add(n, V_RECORDING, o); }
NODE *twiml_add_transcription(NODE *n, const struct twiml_transcription *o) { return tw_add(n, V_TRANSCRIPTION, o); }
NODE *twiml_add_config(NODE *n, const struct twiml_config *o) { return tw_add(n, V_CONFIG, o); }
NODE *twiml_add_conversation_relay(NODE *n, const struct twiml_conversation_relay *o)
{ return tw_add(n, V_CONVERSATION_RELAY, o); }
NODE *twiml_add_language(NODE *n, const struct twiml_language *o) { return tw_add(n, V_LANGUAGE, o); }
NODE *twiml_add_conversation_relay_session(NODE *n, const struct twiml_conversation_relay_session *o)
{ return tw_add(n, V_CONVERSATION_RELAY_SESSION, o); }
NODE *twiml_add_ai_session(NODE *n, const struct twiml_ai_session *o) { return tw_add(n, V_AI_SESSION, o); }
NODE *twiml_add_virtual_agent(NODE *n, const struct twiml_virtual_agent *o) { return tw_add(n, V_VIRTUAL_AGENT, o); }
NODE *twiml_add_autopilot(NODE *n, const struct twiml_autopilot *o) { return tw_add(n, V_AUTOPILOT, o); }
NODE *twiml_add_conversation(NODE *n, const struct twiml_conversation *o) { return tw_add(n, V_CONVERSATION, o); }
NODE *twiml_add_room(NODE *n, const struct twiml_room *o) { return tw_add(n, V_ROOM, o); }
NODE *twiml_add_pay(NODE *n, const struct twiml_pay *o) { return tw_add(n, V_PAY, o); }
NODE *twiml_add_prompt(NODE *n, const struct twiml_prompt *o) { return tw_add(n, V_PROMPT, o); }
NODE *twiml_add_break(NODE *n, const struct twiml_break *o) { return tw_add(n, V_BREAK, o); }
NODE *twiml_add_emphasis(NODE *n, const struct twiml_emphasis *o) { return tw_add(n, V_EMPHASIS, o); }
NODE *twiml_add_lang(NODE *n, const struct twiml_lang *o) { return tw_add(n, V_LANG, o); }
NODE *twiml_add_p(NODE *n, const struct twiml_p *o) { return tw_add(n, V_P, o); }
NODE *twiml_add_phoneme(NODE *n, const struct twiml_phoneme *o) { return tw_add(n, V_PHONEME, o); }
NODE *twiml_add_prosody(NODE *n, const struct twiml_prosody *o) { return tw_add(n, V_PROSODY, o); }
NODE *twiml_add_s(NODE *n, const struct twiml_s *o) { return tw_add(n, V_S, o); }
NODE *twiml_add_say_as(NODE *n, const struct twiml_say_as *o) { return tw_add(n, V_SAY_AS, o); }
NODE *twiml_add_sub(NODE *n, const struct twiml_sub *o) { return tw_add(n, V_SUB, o); }
NODE *twiml_add_w(NODE *n, const struct twiml_w *o) { return tw_add(n, V_W, o); }
NODE *twiml_add_message(NODE *n, const struct twiml_message *o) { return tw_add(n, V_MESSAGE, o); }
NODE *twiml_add_body(NODE *n, const struct twiml_body *o) { return tw_add(n, V_BODY, o); }
NODE *twiml_add_media(NODE *n, const struct twiml_media *o) { return tw_add(n, V_MEDIA, o); }
