// Times that run while they are looked at: since a moment, or until one.
import { saidSeconds, seconds } from '../fmt.js';
import { html, useEffect, useState } from '../ui.js';

export function useNow(on = true) {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    if (!on) return undefined;
    set(Date.now());
    const timer = setInterval(() => set(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

export function Since({ label, at, to, kind }) {
  const now = useNow(!to);
  const n = Math.max(0, Math.floor(((to ?? now) - at) / 1000));
  return html`<span class=${`since ${kind ?? ''}`}><span>${label}</span>
    <b role="timer" aria-label=${`${label}: ${saidSeconds(n)}`} data-seconds=${n}>${seconds(n)}</b></span>`;
}

// end runs once when the moment has come.
export function Until({ label, at, end }) {
  const now = useNow();
  const left = Math.max(0, Math.ceil((at - now) / 1000));
  useEffect(() => {
    if (left === 0) end?.();
  }, [left === 0]);
  return html`<span class="since"><span>${label}</span>
    <b role="timer" aria-label=${`${label}: ${saidSeconds(left)}`}>${seconds(left)}</b></span>`;
}
