// Tells the page around that it may not show the phone. Nothing of anybody is in here.
const origin = new URLSearchParams(location.search).get('origin');
const message = 'This site is not on the list of sites that may show the phone.';
if (origin && parent !== window)
  parent.postMessage({ switchhook: location.hash.slice(1), fatal: { code: 'denied_origin', message } }, origin);
