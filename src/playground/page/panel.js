import { ask } from './ask.js';
import { composer } from './composer.js';
import { element, fromTemplate, part } from './dom.js';
import { faceOf } from './line-view.js';
import { linesView } from './lines-view.js';
import { listOf, sideNames } from './words.js';

/** As many lines of a side as the page shows. The playground keeps no more either. */
const KEPT_LINES = 400;

/** One side of the page: who is there, what was said, and where to type. */
export function panel(side) {
  const root = part(document, `.panel[data-side="${side}"]`);
  root.append(fromTemplate('panel'));
  part(root, 'h2').id = `${side}-title`;
  part(root, '.lines').setAttribute('aria-label', `What was said on ${sideNames[side]}`);
  let people = new Map();

  const me = {
    side,
    person: (id) => people.get(id) ?? { id, name: id, home: side, isHere: false, maySpeak: false },
    line: (id) => lines.get(id),
    speaker: () => writer.speaker(),
    maySpeakAs: (id) => people.get(id)?.maySpeak === true,
    act(what, line, more) {
      const { name } = me.person(line.sender);
      if (what === 'edit') writer.edit(line, name);
      else if (what === 'reply') writer.reply(line, name);
      else if (what === 'remove') void ask('remove', { side, as: line.sender, line: line.id });
      else void ask('react', { side, as: writer.speaker(), line: line.id, emoji: more });
    },
  };

  const lines = linesView(root, me);
  const writer = composer(root, {
    side,
    send: ({ as, text, editing, replyTo }) => {
      lines.toEnd();
      return editing === undefined
        ? ask('say', { side, as, text, replyTo })
        : ask('edit', { side, as, text, line: editing });
    },
    typing: (as) => ask('typing', { side, as }),
    lastLine: lines.lastBy,
    onSpeaker: () => lines.redraw(({ reactions }) => reactions.length > 0),
  });

  function setPeople(next) {
    people = new Map(next.map((person) => [person.id, person]));
    part(root, '.people').replaceChildren(
      ...next.filter(({ isHere }) => isHere).map((person) => personView(person, side)),
    );
    writer.setPeople(next.filter(({ maySpeak }) => maySpeak));
  }

  const isChanged = ({ id, name, home }) => {
    const old = people.get(id);
    return old?.name !== name || old.home !== home;
  };

  return {
    reset(view) {
      part(root, 'h2').textContent = view.title;
      part(root, '.panel-about').textContent = view.about;
      part(root, '.empty').textContent = view.empty;
      setPeople(view.people);
      lines.reset(view.lines);
    },
    setPeople(next) {
      const changed = new Set(next.filter(isChanged).map(({ id }) => id));
      setPeople(next);
      lines.redraw(
        ({ sender, reactions }) =>
          changed.has(sender) || reactions.some(({ by }) => changed.has(by)),
      );
    },
    setLine: (line) => lines.update(line, KEPT_LINES),
    setTyping(ids) {
      // Those one types as oneself are no news.
      const others = ids.filter((id) => !me.maySpeakAs(id));
      const names = others.map((id) => me.person(id).name);
      part(root, '.typing').textContent =
        names.length === 0 ? '' : `${listOf(names)} ${names.length === 1 ? 'is' : 'are'} typing…`;
    },
  };
}

function personView(person, side) {
  const from =
    person.home === side ? 'of this side' : `from ${sideNames[person.home] ?? 'nowhere'}`;
  const about = person.home === 'bridge' ? `${person.name}, the bridge` : `${person.name}, ${from}`;
  const avatar = element('span', { class: 'avatar', 'aria-hidden': 'true' }, faceOf(person));
  const card = element('span', { class: 'card', 'aria-hidden': 'true' }, about);
  return element(
    'li',
    { 'data-home': person.home, tabindex: '0', 'aria-label': about },
    avatar,
    card,
  );
}
