// Numbers that call when they are clicked: elements with data-call="+44…", tel: links, and with data-detect on this
// script international numbers in the text. A phone on the page dials; without one our own page opens, filled in.
(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const plain = (text) => text.replace(/[^\d+]/g, '');
  const numbers = /\+\d[\d\s().-]{7,18}\d/g;

  const phone = () => {
    const element = document.querySelector('switchhook-phone');
    return globalThis.Switchhook?.current ?? element?.phone;
  };
  function call(number, at) {
    const p = phone();
    const contactId = at.dataset.contact;
    if (p?.state === 'ready') {
      p.dial(number, { contactId }).catch((e) =>
        at.dispatchEvent(new CustomEvent('switchhook:error', { bubbles: true, detail: { code: e.code } })),
      );
      return;
    }
    const query = new URLSearchParams({ number, ...(contactId ? { contact_id: contactId } : {}) });
    open(`${base}/app/dial?${query}`, 'switchhook');
  }

  addEventListener('click', (e) => {
    const at = e.target.closest?.('[data-call], a[href^="tel:"]');
    if (!at || at.dataset.call === 'off' || e.defaultPrevented) return;
    e.preventDefault();
    call(plain(at.dataset.call || decodeURIComponent(at.getAttribute('href'))), at);
  });
  addEventListener('keydown', (e) => {
    const at = e.target.closest?.('[data-call]:not(a, button)');
    if (at && (e.key === 'Enter' || e.key === ' ')) at.click();
  });

  function mark(text) {
    const parts = [...text.data.matchAll(numbers)];
    for (const m of parts.reverse()) {
      const rest = text.splitText(m.index);
      rest.splitText(m[0].length);
      const link = document.createElement('a');
      link.href = `tel:${plain(m[0])}`;
      rest.replaceWith(link);
      link.append(rest);
    }
  }
  function detect(root) {
    const skip = 'a, button, input, textarea, select, script, style, [contenteditable], [data-call]';
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode())
      if (walk.currentNode.data.search(numbers) >= 0 && !walk.currentNode.parentElement?.closest(skip))
        found.push(walk.currentNode);
    found.forEach(mark);
  }
  const name = (root) =>
    root.querySelectorAll('[data-call]:not(a, button):not([role])').forEach((at) => {
      at.setAttribute('role', 'button');
      at.tabIndex = 0;
    });
  const look = (root) => {
    name(root);
    if ('detect' in script.dataset) detect(root);
  };
  look(document.body);
  new MutationObserver((all) => {
    for (const m of all) for (const node of m.addedNodes) if (node.nodeType === 1 && node.isConnected) look(node);
  }).observe(document.body, { childList: true, subtree: true });
})();
