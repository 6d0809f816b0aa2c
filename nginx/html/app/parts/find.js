// A list that is searched: the box over it, and what the server is asked for.
import { href, path, setQuery } from '../router.js';
import { t } from '../text.js';
import { html } from '../ui.js';
import { Button, Empty, Field } from './basic.js';

const MANY = 12; // rows that eyes still find by themselves

// The address of a list as parameters of its route; `find` is what was typed.
export const found = ({ find, cursor }) => ({ limit: 50, count: true, cursor, ...(find && { q: find }) });

// total: how many there are; few need no box. always: it is there all the same.
export function Find({ query, label, what, placeholder, total, always }) {
  const { find } = query;
  if (!always && !find && !(total > MANY)) return null;
  const submit = (e) => {
    e.preventDefault();
    setQuery({ find: new FormData(e.target).get('find').trim() });
  };
  return html`<form class="filters" role="search" aria-label=${label} onSubmit=${submit}>
    <${Field} name="find" type="search" key=${find} label=${what} class="wide" maxlength="100"
      defaultValue=${find ?? ''} placeholder=${placeholder} />
    <${Button} type="submit" icon="search">${t('Search')}<//>
    ${find && html`<${Button} kind="plain" icon="x" href=${href(path.value)}>${t('All of them')}<//>`}</form>`;
}

export const NotFound = ({ children }) =>
  html`<${Empty} icon="search" title=${t('Nothing is called so')}>${
    children ?? t('A part of the name is enough.')
  }<//>`;
