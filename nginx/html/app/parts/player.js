// The player: two channels drawn from the server's peaks under a range input, which is what keyboard and screen readers
// use; play, speed, silence, and a link to this moment.
import { bind } from '../a11y.js';
import { get } from '../api.js';
import { saidSeconds, seconds } from '../fmt.js';
import { useLoad } from '../store.js';
import { t } from '../text.js';
import { html, useEffect, useMemo, useState } from '../ui.js';
import { Button, Failure, Field } from './basic.js';
import { Dialog } from './dialog.js';
import { silences, speeds } from './sound.js';

const BARS = 320;
const STEP = 10; // seconds of J and L

// A channel's bars as one path, up (-1) or down (1) from the middle; at most BARS of them, the loudest slice of each.
function bars(channel, way, height) {
  const per = Math.max(1, Math.ceil(channel.length / BARS));
  let d = '';
  for (let i = 0; i * per < channel.length; i++) {
    const loud = Math.max(...channel.slice(i * per, (i + 1) * per));
    const h = Math.max(0.6, (loud / 255) * height);
    const x = ((i * per) / channel.length) * 1000;
    d += `M${x.toFixed(1)} 50v${(way * h).toFixed(1)}`;
  }
  return d;
}

function Wave({ wave, share, marks, total }) {
  const paths = useMemo(() => {
    if (!wave) return [];
    const two = wave.channels > 1;
    return wave.peaks
      .slice(0, 2)
      .map((channel, i) => bars(channel, i ? 1 : -1, 46) + (two ? '' : bars(channel, 1, 46)));
  }, [wave]);
  const width = 1000 / BARS;
  return html`<svg class="wave" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
    ${paths.map((d, i) => html`<path class=${`channel-${i}`} d=${d} stroke-width=${width * 0.62} />`)}
    <g style=${{ clipPath: `inset(0 ${(1 - share) * 100}% 0 0)` }}>
      <rect width="1000" height="100" fill="none" />
      ${paths.map((d, i) => html`<path class=${`channel-${i} played`} d=${d} stroke-width=${width * 0.62} />`)}</g>
    ${marks.map((at) => html`<rect class="hit" x=${(at / total) * 1000 - 1.5} y="0" width="3" height="100" />`)}
  </svg>`;
}

function Share({ sound, close }) {
  const [from, setFrom] = useState(sound.at.value >= 1);
  const [done, setDone] = useState(false);
  const at = Math.floor(sound.at.peek());
  const url = `${location.origin}${location.pathname}${from ? `?t=${at}` : ''}`;
  const copy = () =>
    navigator.clipboard?.writeText(url).then(
      () => setDone(true),
      () => {},
    );
  return html`<${Dialog} title=${t('Share this call')} close=${close}><div class="form">
    <${Field} label=${t('Link')} readonly value=${url} onFocus=${(e) => e.target.select()} autofocus
      hint=${t('Whoever opens it must log in and may see this call.')} />
    <div class="check"><input type="checkbox" id="share-from" checked=${from}
      onChange=${(e) => setFrom(e.target.checked)} />
      <label for="share-from">${t('Begin at {time}', { time: seconds(at) })}</label></div>
    <div class="ends"><${Button} kind="main" icon=${done ? 'check' : 'copy'} onClick=${copy}>${
      done ? t('Copied') : t('Copy')
    }<//></div></div><//>`;
}

// who: names of the channels; marks: moments of what was searched for.
export function Player({ sound, recording, who, marks }) {
  const wave = useLoad((signal) => get(`/recordings/${recording.id}/waveform`, {}, { signal }), recording.id);
  const [share, setShare] = useState(false);
  const at = sound.at.value;
  const total = sound.seconds || 1;
  const playing = sound.playing.value;
  useEffect(() => {
    if (wave.data) sound.silent = silences(wave.data);
  }, [wave.data]);
  const rows = [
    { keys: 'k, Space', what: t('Play or pause'), run: () => sound.toggle() },
    { keys: 'j', what: t('Back {n} seconds', { n: STEP }), run: () => sound.move(-STEP) },
    { keys: 'l', what: t('On {n} seconds', { n: STEP }), run: () => sound.move(STEP) },
  ];
  useEffect(() => bind(rows), [sound]);
  const onSlider = (e) => {
    const name = e.key === ' ' ? 'Space' : e.key.toLowerCase();
    const row = !e.ctrlKey && !e.metaKey && !e.altKey && rows.find((r) => r.keys.split(', ').includes(name));
    if (row) (e.preventDefault(), row.run());
  };
  const said = t('{at} of {total}', { at: saidSeconds(at), total: saidSeconds(total) });
  return html`<div class="player" role="group" aria-label=${t('Player')}>
    ${
      sound.error.value &&
      html`<${Failure} retry=${() => sound.play()} error=${{
        message: t('The audio could not be played'),
        hint: t('It may have been deleted, or the connection is gone. The text below stays.'),
      }} />`
    }
    ${
      wave.error &&
      wave.error.status !== 404 &&
      html`<p class="soft">${t('The wave could not be drawn: {why}', { why: wave.error.message })}</p>`
    }
    <div class="wave-box">
      <${Wave} wave=${wave.data} share=${at / total} marks=${marks} total=${total} />
      <input type="range" min="0" max=${total} step="0.1" value=${at} aria-label=${t('Position in the recording')}
        aria-valuetext=${said} onInput=${(e) => sound.seek(Number(e.target.value))} onKeyDown=${onSlider} />
      ${
        who.length > 1 &&
        html`<span class="who a" aria-hidden="true">${who[0]}</span><span class="who b"
        aria-hidden="true">${who[1]}</span>`
      }
    </div>
    <div class="row controls">
      <${Button} kind="main tall round" icon=${playing ? 'pause' : 'play'} label=${playing ? t('Pause') : t('Play')}
        onClick=${() => sound.toggle()} />
      <${Button} kind="plain" icon="rotate-ccw" label=${t('Back {n} seconds', { n: STEP })}
        onClick=${() => sound.move(-STEP)} />
      <${Button} kind="plain" icon="rotate-cw" label=${t('On {n} seconds', { n: STEP })}
        onClick=${() => sound.move(STEP)} />
      <span class="clock"><b>${seconds(at)}</b> / ${seconds(total)}</span>
      <span class="space"></span>
      <${Button} kind="plain" icon="chevrons-right" aria-pressed=${String(sound.skipping.value)}
        onClick=${() => sound.setSkipping(!sound.skipping.value)}>${t('Skip silence')}<//>
      <label class="speed"><span class="unseen">${t('Speed')}</span><select class="input" value=${sound.speed.value}
        onChange=${(e) => sound.setSpeed(Number(e.target.value))}>${speeds.map(
          (n) => html`<option value=${n} selected=${n === sound.speed.value}>${n}×</option>`,
        )}</select></label>
      <${Button} kind="plain" icon="share-2" onClick=${() => setShare(true)}>${t('Share')}<//>
    </div>
    ${share && html`<${Share} sound=${sound} close=${() => setShare(false)} />`}
  </div>`;
}
