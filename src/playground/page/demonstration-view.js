import { ask } from './ask.js';
import { element, part } from './dom.js';
import { verdictSentence } from './words.js';

const steps = {
  sending: 'Sending on both sides…',
  killed: 'The bridge is killed. Still sending…',
  starting: 'Starting the bridge again…',
  waiting: 'All is sent. Waiting for the rest…',
  settling: 'Looking once more for copies…',
};

/** The demonstration: how far it is, and what came of it. */
export function demonstrationView() {
  const root = part(document, '.demonstration');
  const button = part(root, 'button');
  const progress = part(root, '.progress');
  const verdict = part(root, '.verdict');
  button.addEventListener('click', () => void ask('demonstration'));

  return {
    set(demonstration) {
      const isRunning = demonstration.is === 'running';
      root.dataset.is = demonstration.is;
      button.disabled = isRunning;
      button.hidden = isRunning;
      button.textContent = demonstration.is === 'idle' ? 'Try it' : 'Try it again';
      part(root, '.demonstration-text').hidden = demonstration.is !== 'idle';
      progress.hidden = !isRunning;
      verdict.hidden = isRunning || demonstration.is === 'idle';
      if (isRunning) setProgress(progress, demonstration);
      else if (demonstration.is === 'done') setVerdict(verdict, demonstration);
      else if (demonstration.is === 'failed') setFailure(verdict, demonstration.reason);
    },
  };
}

function setProgress(progress, { step, each, sent, arrived }) {
  part(progress, '.progress-step').textContent = steps[step] ?? '';
  for (const towards of ['remote', 'matrix']) {
    const bar = part(progress, `progress[data-towards="${towards}"]`);
    bar.max = each;
    bar.value = arrived[towards];
    const text = `${arrived[towards]} there, ${sent[towards]} sent`;
    part(progress, `output[data-towards="${towards}"]`).textContent = text;
  }
}

const rows = [
  ['Sent', 'sent'],
  ['Arrived', 'arrived'],
  ['Lost', 'lost', true],
  ['Doubled', 'doubled', true],
  ['Out of order', 'outOfOrder', true],
  ['Changed', 'strange', true, 'only if any'],
];

function setVerdict(view, { remote, matrix, isFlawless, tookMs, told }) {
  view.dataset.flawless = String(isFlawless);
  const shown = rows.filter(([, key, , rare]) => !rare || remote[key] + matrix[key] > 0);
  const body = shown.map(([title, key, isFault]) => {
    const cell = (verdict) =>
      element('td', { class: isFault && verdict[key] > 0 ? 'bad' : undefined }, `${verdict[key]}`);
    return element('tr', {}, element('th', { scope: 'row' }, title), cell(remote), cell(matrix));
  });
  const column = (text, label) => element('th', { scope: 'col', 'aria-label': label }, text);
  const head = element(
    'tr',
    {},
    element('td'),
    column('→ Loopback', 'Matrix to Loopback'),
    column('→ Matrix', 'Loopback to Matrix'),
  );
  const toldWords = told > 0 ? ` Senders were told of ${told}.` : '';
  view.replaceChildren(
    element('p', { class: 'verdict-word' }, verdictSentence([remote, matrix])),
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...body)),
    element(
      'p',
      { class: 'verdict-more' },
      `From both sides’ logs, after ${(tookMs / 1000).toFixed(1)} s.${toldWords}`,
    ),
  );
}

function setFailure(view, reason) {
  view.dataset.flawless = 'false';
  view.replaceChildren(element('p', { class: 'verdict-word' }, reason));
}
