// Buying: what Twilio sells, with price and requirements before the button.
import { get, post } from '../api.js';
import { money } from '../fmt.js';
import { Phone } from '../parts/number-text.js';
import { Badge, Button, Card, Check, Empty, Failure, Field, Head, Icon, Loaded } from '../parts/basic.js';
import { Form, given, Input, useForm } from '../parts/form.js';
import { Dialog } from '../parts/dialog.js';
import { asMember, seekMany } from '../parts/many.js';
import { ability, typeName, types } from '../parts/number.js';
import { PickOne } from '../parts/pick.js';
import { go, href } from '../router.js';
import { note, useLoad } from '../store.js';
import { language, t } from '../text.js';
import { html, useState } from '../ui.js';

// Where Twilio sells numbers that ring; names by the browser in the person's language.
const sold =
  'AR AT AU BE BG BR CA CH CL CO CR CY CZ DE DK DO EC EE ES FI FR GB GR HK HR HU ID IE IL IN IT JP KE KR LT LU LV MX ' +
  'MY NL NO NZ PA PE PH PL PR PT RO SE SG SI SK TH TR TW UA US VE VN ZA';
const names = new Intl.DisplayNames(language, { type: 'region' });
const countries = sold
  .split(' ')
  .map((c) => [c, names.of(c)])
  .sort((a, b) => a[1].localeCompare(b[1], language));

const addresses = {
  none: () => t('No address asked for'),
  any: () => t('An address, anywhere'),
  local: () => t('An address in the country'),
  foreign: () => t('An address outside the country'),
};
const bundle = (o) =>
  o.bundle_required === null
    ? t('Twilio does not say whether papers are asked for')
    : o.bundle_required
      ? t('An approved regulatory bundle')
      : t('No regulatory bundle');
const free = (o) => o.address_requirement === 'none' && o.bundle_required === false;
const abilities = (o) =>
  Object.entries(o.capabilities)
    .filter(([, yes]) => yes)
    .map(([name]) => ability(name));

const monthly = (o) =>
  o.monthly_price === null ? t('Price not known') : t('{price} a month', { price: money(o.monthly_price, o.currency) });

function Offer({ offer, choose }) {
  const place = [offer.locality, offer.region].filter(Boolean).join(', ');
  return html`<li class="offer">
    <div class="stack tightly"><b class="big"><${Phone} number=${offer.phone_number} /></b>
      <span class="soft">${[place, typeName(offer.type)].filter(Boolean).join(' · ')}</span></div>
    <div class="row">${abilities(offer).map((a) => html`<${Badge}>${a}<//>`)}</div>
    <div class="needs soft">${
      free(offer)
        ? html`<span class="good"><${Icon} name="check" /> ${t('Nothing asked for')}</span>`
        : html`<span class="warn"><${Icon} name="file-text" /> ${[
            offer.address_requirement !== 'none' && t('Address'),
            offer.bundle_required !== false && t('Bundle'),
          ]
            .filter(Boolean)
            .join(' + ')}</span>`
    }</div>
    <b class="price">${monthly(offer)}</b>
    <${Button} onClick=${() => choose(offer)} aria-label=${t('Choose {number}', { number: offer.phone_number })}>
      ${t('Choose')}<//></li>`;
}

// What papers are: what is asked for, where it is made, and the field it goes into.
const Papers = ({ of, offer, forced }) => html`<fieldset class="stack papers"><legend>${t('Papers')}</legend>
  <p class="soft">${
    forced
      ? t('Twilio sells this number with papers only. Give the ones you have; they are made in its console.')
      : t('What your Twilio account has is found by itself. Fill this in to choose another one.')
  } <a href="https://console.twilio.com/us1/develop/phone-numbers/regulatory-compliance" target="_blank"
      rel="noreferrer">${t("Twilio's console: regulatory compliance")}</a></p>
  ${
    (forced || offer.bundle_required !== false) &&
    html`<${Input} of=${of} name="bundle_sid" label=${t('Bundle')} placeholder="BU…" spellcheck=${false}
      hint=${t('An approved bundle: BU and 32 characters.')} />`
  }
  ${
    (forced || offer.address_requirement !== 'none') &&
    html`<${Input} of=${of} name="address_sid" label=${t('Address')} placeholder="AD…" spellcheck=${false}
      hint=${`${addresses[offer.address_requirement]()}: ${t('AD and 32 characters.')}`} />`
  }</fieldset>`;

const found = seekMany(['clients', 'users']);

function Buy({ offer, close }) {
  const [unsure, setUnsure] = useState(false);
  const form = useForm({ to: '', forward_to: '', bundle_sid: '', address_sid: '' }, async (v, key) => {
    const body = given({
      phone_number: offer.phone_number,
      forward_to: v.forward_to,
      bundle_sid: v.bundle_sid,
      address_sid: v.address_sid,
      ...asMember(v.to),
    });
    const made = await post('/numbers', body, { key });
    if (made.status !== 'purchased' || !made.number) return setUnsure(true);
    note(t('{number} is yours', { number: made.phone_number }));
    go(`/numbers/${made.number.id}`);
  });
  const papers = form.error?.code === 'bundle_required';
  const price = monthly(offer);
  return html`<${Dialog} title=${t('Buy this number')} close=${close}>
    ${
      unsure
        ? html`<div class="stack"><div class="alert warn" role="status"><${Icon} name="clock" /><div class="stack">
          <b>${t('Twilio has not answered yet')}</b><p>${t(
            'Nothing is bought twice: the purchase is settled within a minute and the number appears in the list.',
          )}</p></div></div>
          <div class="row"><${Button} kind="main" href=${href('/numbers')}>${t('To the numbers')}<//></div></div>`
        : html`<${Form} of=${form} action=${t('Buy for {price}', { price })} busyText=${t('Buying…')} cancel=${close}>
      <dl class="facts offered">
        <dt>${t('Number')}</dt><dd><b><${Phone} number=${offer.phone_number} /></b></dd>
        <dt>${t('Place')}</dt><dd>${[offer.locality, offer.region].filter(Boolean).join(', ') || '–'}</dd>
        <dt>${t('Type')}</dt><dd>${typeName(offer.type)}</dd>
        <dt>${t('Can')}</dt><dd>${abilities(offer).join(', ')}</dd>
        <dt>${t('Costs')}</dt><dd><b>${price}</b></dd>
        <dt>${t('Asks for')}</dt><dd>${addresses[offer.address_requirement]()}<br />${bundle(offer)}</dd>
      </dl>
      ${(papers || !free(offer)) && html`<${Papers} of=${form} offer=${offer} forced=${papers} />`}
      <div class="pair">
        <${PickOne} of=${form} name="to" label=${t('For')} empty=${t('Nobody yet')} find=${found} />
        <${Input} of=${form} name="forward_to" label=${t('Rings at')} type="tel" placeholder="+44…"
          hint=${t('Optional; can be set later.')} /></div><//>`
    }
  <//>`;
}

function Search({ query }) {
  const submit = (e) => {
    e.preventDefault();
    const v = Object.fromEntries(new FormData(e.target));
    go(href('/numbers/buy', { ...v, area_code: v.contains ? '' : v.area_code }));
  };
  return html`<form class="filters" role="search" aria-label=${t('Numbers for sale')} onSubmit=${submit}>
    <${Field} as="select" name="country" label=${t('Country')} class="wide">
      ${countries.map(([c, name]) => html`<option value=${c} selected=${c === query.country}>${name}</option>`)}<//>
    <${Field} as="select" name="type" label=${t('Type')}>
      ${types().map(([v, text]) => html`<option value=${v} selected=${v === query.type}>${text}</option>`)}<//>
    <${Field} name="area_code" label=${t('Area code')} inputmode="numeric" maxlength="12"
      defaultValue=${query.area_code ?? ''} placeholder="20" />
    <${Field} name="contains" label=${t('Contains')} defaultValue=${query.contains ?? ''} maxlength="16"
      placeholder="DENTAL, 555***" />
    <${Check} name="sms" value="true" label=${t('SMS')} defaultChecked=${query.sms === 'true'} />
    <${Button} type="submit" kind="main" icon="search">${t('Search')}<//></form>`;
}

export default function BuyPage({ query }) {
  const [chosen, setChosen] = useState(null);
  const home = useLoad((signal) => get('/settings', {}, { signal }), '');
  const country = query.country ?? home.data?.country;
  const asked = { limit: 30, ...query, country };
  const offers = useLoad(
    (signal) => (country ? get('/available-numbers', asked, { signal }) : Promise.resolve(null)),
    JSON.stringify(asked),
  );
  return html`<${Head} title=${t('Buy a number')}
      about=${t('What Twilio sells at this moment. Nothing is bought before you have seen the price.')}>
      <${Button} kind="plain" icon="chevron-left" href=${href('/numbers')}>${t('Numbers')}<//><//>
    ${home.error && html`<${Failure} error=${home.error} retry=${home.reload} />`}
    ${country && html`<${Search} key=${JSON.stringify(query)} query=${{ ...query, country }} />`}
    ${
      (country || !home.error) &&
      html`<${Card} plain
      title=${country ? t('For sale in {country}', { country: names.of(country) }) : t('For sale')}>
    <${Loaded} of=${offers} lines=${8}>${(page) =>
      page.numbers.length === 0
        ? html`<${Empty} icon="search" title=${t('Twilio sells no such number at the moment')}>
            ${t('Try another area or type, or a shorter pattern.')}<//>`
        : html`<ul class="offers">${page.numbers.map(
            (o) => html`<${Offer} key=${o.phone_number} offer=${o} choose=${setChosen} />`,
          )}</ul>`}<//><//>`
    }
    ${chosen && html`<${Buy} offer=${chosen} close=${() => setChosen(null)} />`}`;
}
