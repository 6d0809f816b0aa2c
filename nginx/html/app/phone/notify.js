// Whether the system may say that somebody calls while another window is in front: asked of who has gone available,
// once, by a press; the browser's own question comes only then.
import { Button, Icon } from '../parts/basic.js';
import { keep, kept } from '../keep.js';
import { t } from '../text.js';
import { html, useState } from '../ui.js';

const open = () => globalThis.Notification?.permission === 'default' && kept('notify') === null;

export function Notify() {
  const [asks, setAsks] = useState(open);
  const no = () => (keep('notify', 'no'), setAsks(false));
  const yes = async () => {
    await Notification.requestPermission();
    setAsks(open());
  };
  if (!asks) return null;
  return html`<div class="notify"><${Icon} name="bell" />
    <p>${t('Be told of calls while you work in another window?')}</p>
    <div class="row"><${Button} onClick=${yes}>${t('Tell me')}<//>
      <${Button} kind="plain" onClick=${no}>${t('No, thanks')}<//></div></div>`;
}
