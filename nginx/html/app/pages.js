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
  { path: '/calls/:id', title: () => t('Call'), icon: 'phone', role: 'viewer', load: () => import('./pages/call.js') },
  {
    path: '/analytics',
    title: () => t('Analytics'),
    icon: 'chart-column',
    role: 'viewer',
    nav: 'insight',
    key: 'g a',
    sheet: 'insight',
    load: () => import('./pages/analytics.js'),
  },
  {
    path: '/reports',
    title: () => t('Reports'),
    icon: 'mail',
    role: 'manager',
    nav: 'insight',
    key: 'g r',
    sheet: 'insight',
    load: () => import('./pages/reports.js'),
  },
  {
    path: '/reports/:id',
    title: () => t('Report'),
    icon: 'mail',
    role: 'manager',
    sheet: 'insight',
    load: () => import('./pages/report.js'),
  },
  {
    path: '/health',
    title: () => t('Health'),
    icon: 'heart-pulse',
    role: 'admin',
    nav: 'set',
    sheet: 'insight',
    load: () => import('./pages/health.js'),
  },
  {
    path: '/docs',
    title: () => t('API'),
    icon: 'book-open',
    role: 'viewer',
    nav: 'set',
    sheet: 'insight',
    load: () => import('./pages/docs.js'),
  },
];
