import { ask } from './ask.js';
import { part } from './dom.js';
import { standingWords } from './words.js';

const MOST_TRAVELLERS = 8;

/** The strip in the middle: how the bridge stands, and what is on its way. */
export function bridgeView() {
  const root = part(document, '.bridge');
  const kill = part(root, '[data-do="kill"]');
  const start = part(root, '[data-do="start"]');
  const log = part(root, '.bridge-log');
  let delivered;

  kill.addEventListener('click', () => void ask('bridge', { do: 'kill' }));
  start.addEventListener('click', () => void ask('bridge', { do: 'start' }));

  function setCrossing(towards, count) {
    const row = part(root, `.crossings [data-towards="${towards}"]`);
    const waiting = part(row, '.waiting');
    waiting.dataset.some = String(count.waiting > 0);
    waiting.textContent = String(count.waiting);
    part(row, '.delivered').textContent = String(count.delivered);
    const fresh = delivered === undefined ? 0 : count.delivered - delivered[towards];
    for (let each = 0; each < Math.min(fresh, MOST_TRAVELLERS); each++) travel(towards, each);
  }

  return {
    setStanding(standing) {
      const { word, more } = standingWords(standing);
      root.dataset.is = standing.is;
      part(root, '.standing-word').textContent = word;
      part(root, '.standing-more').textContent = more;
      const isUp = standing.is === 'running' || standing.is === 'starting';
      const hadFocus = document.activeElement === kill || document.activeElement === start;
      kill.hidden = !isUp;
      kill.disabled = !isUp;
      start.hidden = isUp;
      if (hadFocus) (isUp ? kill : start).focus();
      log.hidden = standing.is === 'running' || standing.lastLines.length === 0;
      log.open = standing.is === 'died';
      part(log, 'pre').textContent = standing.lastLines.join('\n');
    },
    setCrossings(counts) {
      setCrossing('remote', counts.remote);
      setCrossing('matrix', counts.matrix);
      delivered = { remote: counts.remote.delivered, matrix: counts.matrix.delivered };
    },
  };
}

/** A dot that goes over the bridge, for one message that did. */
function travel(towards, place) {
  const dots = part(document, '.travellers');
  if (dots.childElementCount > MOST_TRAVELLERS * 2 || document.hidden) return;
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
  dot.setAttribute('class', 'traveller');
  dot.dataset.towards = towards;
  dot.setAttribute('r', '4');
  dot.style.animationDelay = `${place * 70}ms`;
  dot.addEventListener('animationend', () => dot.remove());
  dots.append(dot);
  // With animations switched off there is no end to wait for.
  if (dot.getAnimations().length === 0) dot.remove();
}
