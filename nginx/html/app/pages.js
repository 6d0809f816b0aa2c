// THE table of pages: address, name, who may, where it stands in the navigation, its key, its module and, where it
// has one, its sheet.
import { t } from './text.js';

export const groups = [
  { id: 'work', title: () => t('Work') },
  { id: 'insight', title: () => t('Insight') },
  { id: 'set', title: () => t('Set-up') },
];

export const pages = [
  {
    path: '/',
    title: () => t('Home'),
    icon: 'house',
    role: 'viewer',
    nav: 'work',
    key: 'g h',
    load: () => import('./pages/home.js'),
  },
  {
    path: '/calls',
    title: () => t('Calls'),
    icon: 'phone',
    role: 'viewer',
    nav: 'work',
    key: 'g c',
    load: () => import('./pages/calls.js'),
  },
  {
    path: '/phone',
    title: () => t('Phone'),
    icon: 'phone-call',
    role: 'agent',
    nav: 'work',
    key: 'g p',
    sheet: 'phone',
    load: () => import('./pages/phone.js'),
  },
  { path: '/dial', title: () => t('Phone'), role: 'agent', sheet: 'phone', load: () => import('./pages/phone.js') },
  {
    path: '/check',
    title: () => t('Check my phone'),
    role: 'agent',
    sheet: 'phone',
    load: () => import('./pages/check.js'),
  },
  {
    path: '/settings/embeds',
    title: () => t('Embeds'),
    icon: 'globe',
    role: 'admin',
    nav: 'set',
    sheet: 'phone',
    load: () => import('./pages/embeds.js'),
  },
  { path: '/calls/:id', title: () => t('Call'), icon: 'phone', role: 'viewer', load: () => import('./pages/call.js') },
];
