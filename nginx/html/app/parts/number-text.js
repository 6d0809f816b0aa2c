// Telephone numbers: shown as people read them, copied as E.164.
import { html } from '../ui.js';

// +442079460958 -> +44 20 7946 0958. Only plans whose shape is plain; all others stay as they are.
const shapes = [
  [/^(\+1)(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3 $4'],
  [/^(\+44)(2\d)(\d{4})(\d{4})$/, '$1 $2 $3 $4'],
  [/^(\+44)(7\d{3})(\d{6})$/, '$1 $2 $3'],
  [/^(\+44)(11\d|1\d1|[389]\d\d)(\d{3})(\d{4})$/, '$1 $2 $3 $4'],
  [/^(\+44)(1\d{3})(\d{6})$/, '$1 $2 $3'],
  [/^(\+49)(\d{2,3})(\d{3,4})(\d{3,5})$/, '$1 $2 $3 $4'],
  [/^(\+33)(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/, '$1 $2 $3 $4 $5 $6'],
  [/^(\+61)(\d)(\d{4})(\d{4})$/, '$1 $2 $3 $4'],
];
export function phone(e164) {
  if (!e164) return '–';
  const shape = shapes.find(([from]) => from.test(e164));
  return shape ? e164.replace(shape[0], shape[1]) : e164;
}

const copyPlain = (number) => (e) => {
  e.clipboardData.setData('text/plain', number);
  e.preventDefault();
};
export const Phone = ({ number }) =>
  number
    ? html`<span class="phone" dir="ltr" onCopy=${copyPlain(number)}>${phone(number)}</span>`
    : html`<span class="faint">–</span>`;
