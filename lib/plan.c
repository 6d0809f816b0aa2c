/* Plans: their steps are appended. */
#include "plan.h"

/* How long somebody has to press a key after the question. */
enum { KEY_S = 6 };

struct step *plan_add(struct plan *p, enum step_kind kind)
{
    struct step *s = &p->v[p->n++];
    *s = (struct step){ .kind = kind };
    return s;
}

void plan_say(struct plan *p, const char *text, const char *voice, const char *language)
{
    if (text == NULL || text[0] == '\0') return;
    struct step *s = plan_add(p, STEP_SAY);
    s->text = text;
    s->voice = voice;
    s->language = language;
}

void plan_ask(struct plan *p, const char *text, const char *question, const char *voice, const char *language,
              const char *action)
{
    struct step *s = plan_add(p, STEP_ASK);
    s->text = text;
    s->question = question;
    s->voice = voice;
    s->language = language;
    s->action = action;
    s->timeout_s = KEY_S;
}
