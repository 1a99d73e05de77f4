import { part } from './dom.js';

const KEY = 'playground-theme';
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');

const shown = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');

/** Follows the system until somebody chooses; their choice is kept. */
export function startTheme() {
  const button = part(document, '.theme-button');
  const kept = localStorage.getItem(KEY);
  if (kept === 'light' || kept === 'dark') root.dataset.theme = kept;
  const label = () =>
    button.setAttribute(
      'aria-label',
      shown() === 'dark' ? 'Change to light colours' : 'Change to dark colours',
    );
  label();
  dark.addEventListener('change', label);
  button.addEventListener('click', () => {
    root.dataset.theme = shown() === 'dark' ? 'light' : 'dark';
    localStorage.setItem(KEY, root.dataset.theme);
    label();
  });
}
