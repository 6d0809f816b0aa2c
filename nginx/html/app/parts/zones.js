// Time zones as the browser knows them, for the fields that ask for one.
import { html } from '../ui.js';

export const zones = Intl.supportedValuesOf?.('timeZone') ?? [];
export const Zones = () =>
  html`<datalist id="zones">${zones.map((z) => html`<option value=${z}></option>`)}</datalist>`;
export const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
