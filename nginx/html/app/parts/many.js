// A box that finds rows of several kinds, for things that belong to one of them: values are "clients:<id>".
import { t } from '../text.js';
import { kinds, seek } from './pick.js';

const EACH = 8;
const titles = {
  clients: () => t('Client'),
  campaigns: () => t('Campaign'),
  contacts: () => t('Contact'),
  numbers: () => t('Number'),
  users: () => t('Person'),
};
export const icon = (kind) => kinds[kind].row({}).icon;

// seekMany('clients', 'users')(text, signal): as PickOne's find; more: rows that stand below them.
export const seekMany =
  (wanted, more = []) =>
  async (q, signal) => {
    const found = await Promise.all(wanted.map((kind) => seek(kind)(q, signal)));
    const rows = found.flatMap((some, i) =>
      some
        .slice(0, EACH)
        .map((row) => ({ ...row, value: `${wanted[i]}:${row.value}`, note: row.note ?? titles[wanted[i]]() })),
    );
    const fits = more.filter((row) => row.label.toLowerCase().includes(q.toLowerCase()));
    return Object.assign([...rows, ...fits], { more: found.some((some) => some.more || some.length > EACH) });
  };

// "clients:<id>" as the API has it: { client_id: … }; the row of that: { kind, id }.
const members = { clients: 'client_id', campaigns: 'campaign_id', numbers: 'number_id', users: 'user_id' };
export const asMember = (value) => {
  const [kind, id] = (value ?? '').split(':');
  return members[kind] ? { [members[kind]]: id } : {};
};
export const holder = (row) => {
  const kind = Object.keys(members).find((k) => row[members[k]]);
  return kind ? { kind, id: row[members[kind]] } : null;
};
