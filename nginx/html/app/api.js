// The one way to the server: /api/v1 in JSON. A failure is an ApiError with what the problem document says.
import { t } from './text.js';

let csrf = null; // of the session; asked for once, sent with every change
let onEnded = () => {}; // the session is over
let onAsk = () => {}; // somebody is asked: throws where that would be for another account than the page's
let onRefused = () => {}; // a change was refused

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.title ?? t('The server did not answer'));
    this.name = 'ApiError';
    Object.assign(this, { status, problem });
    for (const name of ['code', 'detail', 'hint', 'request_id', 'errors']) this[name] = problem[name];
  }
  // What a field of a form has against its value.
  of(field) {
    return this.errors?.find((e) => e.pointer === `/${field}`)?.detail;
  }
}

let bearer = null; // of a phone in another site's page, which has no cookie
export const setBearer = (token) => (bearer = token);
export const setCsrf = (token) => (csrf = token);
export const whenEnded = (f) => (onEnded = f);
export const whenAsked = (f) => (onAsk = f);
export const whenRefused = (f) => (onRefused = f);

// ask('GET', '/calls', { query, body, signal, etag, key }) -> { data, etag, status, next }
export async function ask(method, path, { query, body, signal, etag, since, key } = {}) {
  if (!bearer) onAsk();
  const url = new URL(`/api/v1${path}`, location.origin);
  for (const [k, v] of Object.entries(query ?? {}))
    if (v !== undefined && v !== null && v !== '') url.searchParams.set(k, v);
  const headers = { accept: 'application/json' };
  const change = method !== 'GET';
  if (bearer) headers.authorization = `Bearer ${bearer}`;
  if (change && csrf) headers['x-csrf-token'] = csrf;
  if (change && method === 'POST') headers['idempotency-key'] = key ?? crypto.randomUUID();
  if (etag) headers['if-match'] = etag;
  if (since) headers['if-none-match'] = since;
  if (body instanceof Blob) headers['content-type'] = body.type || 'application/octet-stream';
  else if (body !== undefined) headers['content-type'] = 'application/json';
  const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
  let res;
  try {
    res = await fetch(url, {
      method,
      headers,
      body: sent,
      signal,
      credentials: bearer ? 'omit' : 'same-origin',
      cache: 'no-store',
    });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, {
      title: t('No connection to the server'),
      hint: t('Check the network; this page tries again when you press Retry.'),
      code: 'offline',
    });
  }
  if (res.status === 304) return { status: 304, data: null };
  const text = await res.text();
  let data = null;
  try {
    data = text === '' ? null : JSON.parse(text);
  } catch {
    throw new ApiError(res.status, { title: t('The server sent something that is no answer'), code: 'malformed' });
  }
  if (!res.ok) {
    const error = new ApiError(res.status, data ?? {});
    error.retryAfter = Number(res.headers.get('retry-after')) || null;
    if (res.status === 401 && path !== '/sessions') onEnded();
    if (res.status === 403 && change && !bearer) onRefused();
    throw error;
  }
  return { status: res.status, data, etag: res.headers.get('etag'), requestId: res.headers.get('x-request-id') };
}

export const get = (path, query, options) => ask('GET', path, { ...options, query }).then((r) => r.data);
export const post = (path, body, options) => ask('POST', path, { ...options, body }).then((r) => r.data);
export const patch = (path, body, options) => ask('PATCH', path, { ...options, body }).then((r) => r.data);
export const put = (path, body, options) => ask('PUT', path, { ...options, body }).then((r) => r.data);
export const del = (path, options) => ask('DELETE', path, options).then((r) => r.data);

// All rows of a list that is seldom long, as one page: so many pages are read, and not one more.
export async function all(path, query, options, pages = 10) {
  const page = await get(path, { ...query, limit: 100 }, options);
  for (; page.next_cursor && pages > 1; pages--) {
    const next = await get(path, { ...query, limit: 100, cursor: page.next_cursor }, options);
    page.data.push(...next.data);
    page.next_cursor = next.next_cursor;
  }
  return page;
}

// A page of calls. Where few fit a filter the server ends one early, with a cursor: it is filled up, by so many more.
export async function calls(query, options, more = 20) {
  const limit = Number(query.limit ?? 25);
  const page = await get('/calls', query, options);
  for (; page.next_cursor && page.data.length < limit && more > 0; more--) {
    const rest = { ...query, cursor: page.next_cursor, limit: limit - page.data.length };
    const next = await get('/calls', rest, options);
    page.data.push(...next.data);
    page.next_cursor = next.next_cursor;
  }
  return page;
}
