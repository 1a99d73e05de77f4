import { element, fromTemplate, icon, part } from './dom.js';
import { fateOf, groupReactions, listOf, REACTIONS, sideNames, timeWords } from './words.js';

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/**
 * One line of a chat. `panel` is asked who people are and what somebody may do, and is told what they
 * did by `act(name, line, more)`.
 */
export function lineView(line, panel) {
  const view = part(fromTemplate('line'), '.line');
  const person = panel.person(line.sender);
  view.dataset.id = line.id;
  view.dataset.home = person.home;
  if (line.as !== undefined) view.dataset.as = line.as;
  view.tabIndex = -1;
  view.classList.toggle('removed', line.removed);
  part(view, '.avatar').append(faceOf(person));
  part(view, '.name').textContent = person.name;
  part(view, '.origin').textContent = originOf(person, panel.side);
  fillTime(part(view, 'time'), line.atMs);
  fillText(part(view, '.text'), line);
  fillQuote(part(view, '.quote'), line, panel);
  part(view, '.reactions').append(...reactionsOf(line, panel));
  fillFate(part(view, '.fate'), line);
  fillTools(part(view, '.tools'), line, panel);
  view.setAttribute('aria-label', `${person.name}: ${line.removed ? 'removed' : line.text}`);
  return view;
}

/** What stands for somebody: the first letter of their name, or the bridge's picture. */
export function faceOf({ name, home }) {
  if (home === 'bridge') return element('img', { src: '/page/icon.svg', alt: '' });
  return [...name.replace(/^[@#!]/, '')][0] ?? '?';
}

function originOf(person, side) {
  if (person.home === 'bridge') return 'the bridge';
  return person.home === side ? '' : `from ${sideNames[person.home]}`;
}

function fillTime(time, atMs) {
  const at = new Date(atMs);
  time.dateTime = at.toISOString();
  time.textContent = timeWords(atMs, Date.now());
  time.title = full.format(at);
}

function fillText(text, line) {
  text.textContent = line.removed ? 'Message removed' : line.text;
  if (line.edited && !line.removed)
    text.append(' ', element('span', { class: 'edited' }, '(edited)'));
}

function fillQuote(quote, line, panel) {
  if (line.replyTo === undefined || line.removed) return;
  const answered = panel.line(line.replyTo);
  quote.hidden = false;
  quote.textContent =
    answered === undefined
      ? 'In reply to an earlier message'
      : `${panel.person(answered.sender).name}: ${answered.removed ? 'removed' : answered.text}`;
}

function reactionsOf(line, panel) {
  return groupReactions(line.reactions).map(({ emoji, by }) => {
    const names = listOf(by.map((id) => panel.person(id).name));
    const mine = by.includes(panel.speaker());
    const button = element(
      'button',
      {
        type: 'button',
        class: 'reaction',
        title: names,
        'aria-pressed': String(mine),
        'aria-label': `${emoji} by ${names}`,
      },
      emoji,
    );
    if (by.length > 1) button.append(element('span', {}, String(by.length)));
    button.addEventListener('click', () => panel.act('react', line, emoji));
    return button;
  });
}

function fillFate(view, line) {
  const fate = fateOf(line);
  if (fate === undefined) return;
  view.dataset.fate = line.fate ?? 'waiting';
  view.title = fate.text;
  view.setAttribute('role', 'img');
  view.setAttribute('aria-label', fate.text);
  view.append(icon(fate.icon));
}

function fillTools(tools, line, panel) {
  tools.setAttribute('aria-label', 'What to do with this message');
  if (line.removed || line.as === 'notice') {
    tools.remove();
    return;
  }
  for (const emoji of REACTIONS) {
    tools.append(tool(`React with ${emoji}`, emoji, () => panel.act('react', line, emoji)));
  }
  tools.append(tool('Reply', icon('reply'), () => panel.act('reply', line)));
  if (!panel.maySpeakAs(line.sender)) return;
  tools.append(tool('Edit', icon('edit'), () => panel.act('edit', line)));
  tools.append(tool('Remove', icon('remove'), () => panel.act('remove', line)));
}

function tool(label, content, onClick) {
  const button = element(
    'button',
    { type: 'button', title: label, 'aria-label': label, tabindex: '-1' },
    content,
  );
  button.addEventListener('click', onClick);
  return button;
}
