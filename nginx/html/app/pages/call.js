// One call: heard and read in step, with what happened, what it cost, what was read in it, and what people say of it.
import { get } from '../api.js';
import { Analysis } from '../parts/analysis.js';
import { Badge, Card, Empty, Loaded, Time } from '../parts/basic.js';
import { Outcome, party, reason, Way } from '../parts/call.js';
import { Phone } from '../parts/number-text.js';
import { Cost, Details, Timeline } from '../parts/callfacts.js';
import { Keep } from '../parts/callkeep.js';
import { CallNotes } from '../parts/callnotes.js';
import { Call as CallBack } from '../parts/dial.js';
import { Player } from '../parts/player.js';
import { Sound } from '../parts/sound.js';
import { Tabs } from '../parts/tabs.js';
import { find, Transcript } from '../parts/transcript.js';
import { saidSeconds, seconds } from '../fmt.js';
import { query, setQuery } from '../router.js';
import { may, onEvent, useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useEffect, useMemo, useState } from '../ui.js';

const noText = {
  none: () => [t('Not transcribed'), t('The recording has not been stored yet, or the settings do not ask for text.')],
  pending: () => [t('The text is on its way'), t('It waits for its turn; this page shows it as soon as it is there.')],
  processing: () => [t('The text is being written'), t('This page shows it as soon as it is there.')],
  failed: () => [
    t('There is no text'),
    t('The model did not answer. Administrators find the reason under the system’s jobs.'),
  ],
  'skipped:short': () => [t('Too short for a text'), t('Recordings of a few seconds are not transcribed.')],
  'skipped:silent': () => [t('Nobody speaks'), t('The recording holds no speech.')],
  'skipped:consent': () => [t('No text without consent'), t('The customer has not agreed to it.')],
  'skipped:off': () => [t('Transcription is off'), t('An administrator can switch it on in the settings.')],
  'skipped:cap': () => [t('The month’s minutes are used up'), t('An administrator can raise them in the settings.')],
  'skipped:too_large': () => [t('Too long for a text'), t('The model takes no recordings of this length.')],
};

function NoText({ recording }) {
  const [title, hint] = (noText[recording.transcription_status] ?? noText.none)();
  return html`<${Empty} icon="message-square" title=${title}>${hint}<//>`;
}

// Which channel is whose: the first one is the root leg's.
function channels(call, recording) {
  const root = call.legs.find((l) => !l.parent_sid)?.role;
  const names = { customer: party(call), agent: call.user_name ?? t('Agent') };
  if (recording.channels < 2) return { names, who: [] };
  const two = root === 'agent' ? ['agent', 'customer'] : ['customer', 'agent'];
  return { names, who: two.map((r) => names[r]) };
}

// The moment of a quote: where its words stand in the text.
const moment = (segments) => (quote) => {
  if (!quote || !segments) return null;
  const [hit] = find(segments, quote);
  return hit && hit.to - hit.from >= Math.min(quote.trim().length, 6) ? hit.at : null;
};

function Conversation({ call, recording, sound }) {
  const [wanted, setWanted] = useState(query.value.q ?? '');
  const text = recording.transcript;
  const segments = text?.segments ?? [];
  const hits = useMemo(() => find(segments, wanted), [text, wanted]);
  const { names, who } = channels(call, recording);
  useEffect(() => {
    if (query.value.q && !query.value.t && hits.length) sound.seek(hits[0].at);
  }, []);
  return html`<${Player} sound=${sound} recording=${recording} who=${who} marks=${hits.map((h) => h.at)} />
    ${
      segments.length
        ? html`<${Transcript} segments=${segments} sound=${sound} names=${names} wanted=${wanted}
          setWanted=${setWanted} hits=${hits} />`
        : text?.text
          ? html`<p class="pre" dir="auto">${text.text}</p>`
          : html`<${NoText} recording=${recording} />`
    }`;
}

function Head({ call: c, changed }) {
  const [now, setNow] = useState(Date.now());
  const running = !c.ended_at;
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  const since = Math.max(0, (now - Date.parse(c.answered_at ?? c.created_at)) / 1000);
  const about = [c.client_name, c.campaign_name, c.user_name].filter(Boolean).join(' · ');
  return html`<div class="head call-head"><div class="grow">
      <h1 dir="auto">${party(c)}</h1>
      <div class="row soft"><${Way} call=${c} /><${Outcome} call=${c} />
        ${c.missed_reason && html`<span>${reason(c.missed_reason)}</span>`}
        ${c.contact_name && c.customer_number && html`<${Phone} number=${c.customer_number} />`}
        <${Time} at=${c.created_at} />
        ${
          running
            ? html`<b class="timer" role="timer" aria-live="off" aria-label=${saidSeconds(since)}>${seconds(since)}</b>`
            : c.talk_seconds
              ? html`<span>${t('{time} of talk', { time: seconds(c.talk_seconds) })}</span>`
              : null
        }
        ${about && html`<span dir="auto">${about}</span>`}${
          c.test &&
          html`<${Badge} kind="warn">
          ${t('Test')}<//>`
        }</div></div>
    ${
      may('agent') &&
      !running &&
      c.customer_number &&
      html`<${CallBack} number=${c.customer_number}
      contact=${c.contact_name ? { id: c.contact_id ?? undefined, name: c.contact_name } : undefined}>
        ${t('Call back')}<//>`
    }
    ${may('manager') && c.recordings.length > 0 && html`<${Keep} call=${c} changed=${changed} />`}
  </div>`;
}

// There is nothing to hear, for one of four reasons.
function Silent({ call: c }) {
  const waits = c.recordings.some((r) => !['stored', 'erased', 'absent'].includes(r.status));
  const [title, hint] = c.recordings.some((r) => r.status === 'erased')
    ? [t('The recording was deleted'), t('Its notes and figures stay.')]
    : !c.ended_at
      ? [t('The call is running'), t('What is recorded and said appears here when it is over.')]
      : waits
        ? [t('The recording is on its way'), t('Twilio has it; it is being fetched.')]
        : [t('Nothing was recorded'), c.why.find((w) => /ecorded/.test(w)) ?? ''];
  return html`<${Empty} icon=${c.ended_at ? 'mic-off' : 'phone-call'} title=${title}>${hint}<//>`;
}

function View({ call: c, changed }) {
  const stored = c.recordings.filter((r) => r.status === 'stored');
  const [at, setAt] = useState(0);
  const recording = stored[Math.min(at, stored.length - 1)];
  const sound = useMemo(
    () => recording && new Sound(`/api/v1/recordings/${recording.id}/audio`, recording.duration_seconds ?? 0),
    [recording?.id],
  );
  useEffect(() => {
    const from = Number(query.value.t);
    if (sound && from > 0) sound.seek(from);
    return () => sound?.close();
  }, [sound]);
  const where = moment(recording?.transcript?.segments);
  const tab = (id, label, show) => ({ id, label, show });
  const tabs = [
    recording?.transcript &&
      tab(
        'analysis',
        t('Analysis'),
        () => html`<${Analysis} key=${recording.id} recording=${recording}
      where=${where} seek=${(to) => sound.seek(to)} />`,
      ),
    tab('details', t('Details'), () => html`<${Details} call=${c} />`),
    tab('timeline', t('Timeline'), () => html`<${Timeline} call=${c} />`),
    tab('cost', t('Cost'), () => html`<${Cost} call=${c} />`),
  ].filter(Boolean);
  return html`<${Head} call=${c} changed=${changed} />
    <div class="two call-page">
      <div class="stack wide"><${Card} title=${t('Conversation')} plain tools=${
        stored.length > 1 &&
        html`<label><span class="unseen">${t('Recording')}</span><select class="input"
          onChange=${(e) => setAt(Number(e.target.value))}>
          ${stored.map(
            (r, i) =>
              html`<option value=${i} selected=${i === at}>${
                r.kind === 'voicemail' ? t('Voicemail') : t('Recording {n}', { n: i + 1 })
              }</option>`,
          )}</select></label>`
      }>${
        recording
          ? html`<div class="in stack"><${Conversation} key=${recording.id} call=${c} recording=${recording}
            sound=${sound} /></div>`
          : html`<${Silent} call=${c} />`
      }<//>
        <${CallNotes} key=${c.id} call=${c} /></div>
      <section class="card" aria-label=${t('About the call')}><${Tabs} label=${t('About the call')} tabs=${tabs}
        at=${query.value.tab ?? tabs[0].id} pick=${(id) => setQuery({ tab: id })} /></section>
    </div>`;
}

export default function Call({ params }) {
  const call = useLoad((signal) => get(`/calls/${params.id}`, {}, { signal }), params.id);
  useEffect(() => {
    let timer = null;
    const off = onEvent((e) => {
      if (e.any || [e.call_id, e.call_sid].some((id) => id && [params.id, call.data?.id].includes(id)))
        timer ??= setTimeout(() => ((timer = null), call.reload()), 400);
    });
    return () => (off(), clearTimeout(timer));
  }, [params.id, call.data?.id]);
  if (call.error?.status === 404)
    return html`<div class="head"><h1>${t('There is no such call')}</h1></div>
      <div class="card"><${Empty} icon="phone-off" title=${t('Nobody knows it here')}>
        ${t('The link may be old, or the call belongs to another account.')}<//></div>`;
  if (!call.data)
    return html`<div class="head"><h1>${t('Call')}</h1></div><div class="card"><${Loaded} of=${call}
      lines=${10} /></div>`;
  return html`<${View} call=${call.data} changed=${call.reload} />`;
}
