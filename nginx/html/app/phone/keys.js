// The keys of a call, also while the panel is folded.
import { bind } from '../a11y.js';
import { t } from '../text.js';
import { useEffect } from '../ui.js';
import { act } from './acts.js';
import { call, phone } from './state.js';

export const open = { keypad: () => {}, transfer: () => {}, note: () => {} }; // what the keys k, t and n open

const bindFirst = (rows) => bind(rows.map((r) => ({ ...r, first: true })));

// Keys of a call, for as long as it is there.
export function useCallKeys() {
  const talking = call.value && call.value.stage !== 'over';
  const ringing = Boolean(phone.value.ringing);
  useEffect(
    () =>
      talking
        ? bindFirst([
            { keys: 'm', what: t('Mute'), run: () => act('mute') },
            { keys: 'h', what: t('Hold'), run: () => act('hold') },
            { keys: 't', what: t('Transfer'), run: () => open.transfer() },
            { keys: 'k', what: t('Keypad'), run: () => open.keypad() },
            { keys: 'n', what: t('Note'), run: () => open.note() },
            { keys: 'E', what: t('End call'), run: () => act('hangUp') },
          ])
        : undefined,
    [talking],
  );
  useEffect(
    () =>
      ringing
        ? bindFirst([
            { keys: 'a', what: t('Answer'), run: () => act('answer') },
            { keys: 'x', what: t('Decline'), run: () => act('decline') },
          ])
        : undefined,
    [ringing],
  );
}
