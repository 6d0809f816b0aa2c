// What an agent says he is doing, and what is shown when something goes wrong.
import { patch } from '../api.js';
import { me } from '../store.js';
import { problemOf } from './sentences.js';
import { set, setUser } from './state.js';

async function send(word, reason) {
  const rings = me.value.user.rings === 'phone' && ['available', 'auto'].includes(word) ? 'browser' : undefined;
  const body = { presence: word, ...(reason ? { away_reason: reason } : {}), ...(rings ? { rings } : {}) };
  setUser(await patch('/me', body));
}

let saying = Promise.resolve(); // one word after the other, so that the last one stays
export function say(word, reason) {
  const said = saying.then(() => send(word, reason));
  saying = said.catch(() => {});
  return said;
}

export const trouble = (error) => set({ problem: problemOf(error) });
