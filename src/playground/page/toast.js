import { element, icon, part } from './dom.js';

const SHOWN_MS = 7000;

/** Says in passing that something did not work. */
export function toast(text) {
  const close = element('button', {
    type: 'button',
    class: 'icon-button',
    'aria-label': 'Dismiss',
  });
  close.append(icon('close'));
  const made = element('div', { class: 'toast' }, element('span', {}, text), close);
  close.addEventListener('click', () => made.remove());
  const all = part(document, '.toasts');
  all.append(made);
  while (all.children.length > 3) all.firstElementChild?.remove();
  setTimeout(() => made.remove(), SHOWN_MS);
}
