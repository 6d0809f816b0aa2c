// THE table of pages: address, name, who may, where it stands in the navigation, its key, its module and, where it
// has one, its sheet. bare: without anything around it.
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
    sheet: 'calls',
    load: () => import('./pages/home.js'),
  },
  {
    path: '/wall',
    title: () => t('Wallboard'),
    icon: 'maximize',
    role: 'viewer',
    bare: true,
    sheet: 'calls',
    load: () => import('./pages/wall.js'),
  },
  {
    path: '/calls',
    title: () => t('Calls'),
    icon: 'phone',
    role: 'viewer',
    nav: 'work',
    key: 'g c',
    sheet: 'calls',
    load: () => import('./pages/calls.js'),
  },
  {
    path: '/calls/:id',
    title: () => t('Call'),
    icon: 'phone',
    role: 'viewer',
    sheet: 'calls',
    load: () => import('./pages/call.js'),
  },
];
