import { isAtEnd, part } from './dom.js';
import { lineView } from './line-view.js';
import { follows } from './words.js';

/** The lines of one side. Knows them all, and changes only what changed. */
export function linesView(root, panel) {
  const list = part(root, '.lines');
  const newer = part(root, '.newer');
  const empty = part(root, '.empty');
  const lines = new Map();
  const views = new Map();

  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
    newer.hidden = true;
  };
  newer.addEventListener('click', toEnd);
  list.addEventListener('scroll', () => {
    isAtEndNow = isAtEnd(list);
    if (isAtEndNow) newer.hidden = true;
  });
  let isAtEndNow = true;
  new ResizeObserver(() => {
    if (isAtEndNow) toEnd();
  }).observe(list);
  // Scrolled and walked through by keyboard.
  list.tabIndex = 0;
  list.addEventListener('keydown', (event) => onKey(event, list, panel, lines));

  function put(line) {
    const old = views.get(line.id);
    const view = lineView(line, panel);
    const before = old?.previousElementSibling ?? (old ? null : list.lastElementChild);
    view.classList.toggle('follows', follows(line, lines.get(before?.dataset.id)));
    lines.set(line.id, line);
    views.set(line.id, view);
    if (old === undefined) list.append(view);
    else replace(old, view);
  }

  function forgetBeyond(keep) {
    for (const id of lines.keys()) {
      if (lines.size <= keep) return;
      lines.delete(id);
      views.get(id)?.remove();
      views.delete(id);
    }
  }

  return {
    get: (id) => lines.get(id),
    lastBy: (sender) =>
      [...lines.values()].findLast((line) => line.sender === sender && !line.removed),
    /** All of them anew. */
    reset(all) {
      lines.clear();
      views.clear();
      list.replaceChildren();
      for (const line of all) put(line);
      empty.hidden = lines.size > 0;
      toEnd();
    },
    update(line, keep) {
      const wasAtEnd = isAtEnd(list);
      const isNew = !lines.has(line.id);
      put(line);
      forgetBeyond(keep);
      empty.hidden = true;
      if (wasAtEnd) toEnd();
      else if (isNew) newer.hidden = false;
    },
    /** Draws those again that look different now, and no others: each one drawn is read out. */
    redraw(isConcerned) {
      for (const line of lines.values()) if (isConcerned(line)) put(line);
    },
    toEnd,
  };
}

function replace(old, view) {
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(view);
  if (hadFocus) view.focus({ preventScroll: true });
}

/** Up and down go from line to line; a letter does what the buttons of the line do. */
function onKey(event, list, panel, lines) {
  const view = document.activeElement?.closest('.line') ?? null;
  const to = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' }[event.key];
  if (to !== undefined) {
    const next = view === null ? list.lastElementChild : view[to];
    next?.focus();
    event.preventDefault();
    return;
  }
  const line = lines.get(view?.dataset.id);
  if (line === undefined || event.target !== view || event.ctrlKey || event.metaKey) return;
  const act = { e: 'edit', Enter: 'edit', r: 'reply', Delete: 'remove', Backspace: 'remove' }[
    event.key
  ];
  if (event.key === '+') panel.act('react', line, '👍');
  else if (act === 'reply' || (act !== undefined && panel.maySpeakAs(line.sender)))
    panel.act(act, line);
  else return;
  event.preventDefault();
}
