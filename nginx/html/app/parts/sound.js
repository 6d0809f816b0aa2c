// One recording's sound: where it stands, how fast it goes, what of it is silence. Not a byte is asked for before
// play();
// the browser then takes ranges as it needs them.
import { batch, signal } from '../ui.js';

export const speeds = [0.75, 1, 1.25, 1.5, 1.75, 2];
const QUIET = 6; // of 255: below it nobody is heard
const PAUSE = 1.2; // seconds of silence that are worth skipping
const KEEP = 0.3; // of each are left, so that words do not run into each other

// Spans [from, to] in seconds in which every channel is silent.
export function silences({ peaks, slices, duration_seconds: seconds }) {
  const out = [];
  let from = null;
  for (let i = 0; i <= slices; i++) {
    const quiet = i < slices && peaks.every((channel) => channel[i] <= QUIET);
    const at = (i * seconds) / slices;
    if (quiet) from ??= at;
    else if (from !== null) {
      if (at - from >= PAUSE) out.push([from + KEEP, at - KEEP]);
      from = null;
    }
  }
  return out;
}

const stored = (name, usual) => JSON.parse(localStorage.getItem(name) ?? JSON.stringify(usual));

export class Sound {
  at = signal(0);
  playing = signal(false);
  error = signal(false);
  speed = signal(stored('play-speed', 1));
  skipping = signal(stored('play-skip', false));
  silent = [];
  #audio = null;
  #ready = false; // it is known how long it is; before that its own time says nothing

  constructor(url, seconds) {
    this.url = url;
    this.seconds = seconds;
  }

  #open() {
    const audio = new Audio();
    audio.preload = 'auto';
    audio.src = this.url;
    audio.playbackRate = this.speed.value;
    audio.preservesPitch = true;
    this.#ready = false;
    audio.addEventListener('loadedmetadata', () => {
      this.#ready = true;
      if (Math.abs(audio.currentTime - this.at.value) > 0.05) audio.currentTime = this.at.value;
    });
    audio.addEventListener('play', () => ((this.playing.value = true), this.#follow()));
    audio.addEventListener('pause', () => (this.playing.value = false));
    audio.addEventListener('ended', () => batch(() => ((this.playing.value = false), (this.at.value = this.seconds))));
    audio.addEventListener('error', () => batch(() => ((this.playing.value = false), (this.error.value = true))));
    this.#audio = audio;
  }

  #follow = () => {
    const audio = this.#audio;
    if (!audio || audio.paused) return;
    if (this.#ready && !audio.seeking) {
      const now = audio.currentTime;
      const gap = this.skipping.value && this.silent.find(([from, to]) => now >= from && now < to - 0.1);
      if (gap) audio.currentTime = gap[1];
      this.at.value = gap ? gap[1] : now;
    }
    requestAnimationFrame(this.#follow);
  };

  async play() {
    this.error.value = false;
    if (this.#audio?.error) this.#audio = null;
    if (!this.#audio) this.#open();
    if (this.at.value >= this.seconds - 0.05) this.seek(0);
    await this.#audio.play().catch((e) => e.name !== 'AbortError' && (this.error.value = true));
  }
  pause() {
    this.#audio?.pause();
  }
  toggle() {
    return this.playing.value ? this.pause() : this.play();
  }
  seek(to) {
    const at = Math.min(Math.max(to, 0), this.seconds);
    this.at.value = at;
    if (this.#audio && this.#ready) this.#audio.currentTime = at;
  }
  move(by) {
    this.seek(this.at.value + by);
  }
  setSpeed(n) {
    this.speed.value = n;
    localStorage.setItem('play-speed', JSON.stringify(n));
    if (this.#audio) this.#audio.playbackRate = n;
  }
  setSkipping(yes) {
    this.skipping.value = yes;
    localStorage.setItem('play-skip', JSON.stringify(yes));
  }
  close() {
    this.#audio?.pause();
    this.#audio?.removeAttribute('src');
    this.#audio = null;
  }
}
