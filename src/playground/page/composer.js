import { element, part } from './dom.js';

const TYPING_EVERY_MS = 4000;

/**
 * Where one side's people type. `send({ as, text, editing, replyTo })` resolves with whether it went;
 * what did not go stays in the field.
 */
export function composer(root, { side, send, typing, lastLine, onSpeaker }) {
  const form = part(root, '.composer');
  const field = part(form, 'textarea');
  const draft = keptDraft(field, `playground-draft-${side}`);
  const speakers = speakerChoice(part(form, '.speakers'), side, (name) => {
    field.placeholder = `Say something as ${name}`;
    field.setAttribute('aria-label', `Message as ${name}`);
    onSpeaker();
  });
  const mode = composerMode(part(form, '.composer-about'), field);
  let typedAtMs = 0;
  let told = Promise.resolve();

  async function submit() {
    const text = field.value.trim();
    if (text === '') return;
    const sent = { as: speakers.chosen(), ...mode.now(), text };
    const typed = field.value;
    mode.set({}, '');
    draft.forget();
    typedAtMs = 0;
    await told;
    if (!(await send(sent)) && field.value === '') field.value = typed;
  }

  function edit(line, words) {
    mode.set({ editing: line.id, as: line.sender }, line.text, words);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  field.addEventListener('input', () => {
    if (mode.now().editing === undefined) draft.keep();
    if (field.value === '' || Date.now() - typedAtMs < TYPING_EVERY_MS) return;
    typedAtMs = Date.now();
    told = typing(speakers.chosen());
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Escape') mode.cancel();
    else if (event.key === 'ArrowUp' && field.value === '') {
      const line = lastLine(speakers.chosen());
      if (line === undefined) return;
      event.preventDefault();
      edit(line, 'Editing your last message');
    }
  });

  return {
    speaker: speakers.chosen,
    setPeople: speakers.set,
    edit: (line, name) => edit(line, `Editing ${name}’s message`),
    reply: (line, name) =>
      mode.set({ replyTo: line.id }, undefined, `Replying to ${name}: ${line.text}`),
  };
}

/** What is typed and not sent outlives a reload. */
function keptDraft(field, key) {
  field.value = sessionStorage.getItem(key) ?? '';
  return {
    keep: () => sessionStorage.setItem(key, field.value),
    forget: () => sessionStorage.removeItem(key),
  };
}

/** Whether what is typed is something new, an answer or a change. */
function composerMode(about, field) {
  let now = {};
  function set(next, text, words) {
    now = next;
    about.hidden = words === undefined;
    part(about, '.composer-about-text').textContent = words ?? '';
    if (text !== undefined) field.value = text;
    field.focus();
  }
  const cancel = () => set({}, now.editing === undefined ? undefined : '');
  part(about, 'button').addEventListener('click', cancel);
  return { now: () => now, set, cancel };
}

/** As whom one types. The choice outlives a reload. */
function speakerChoice(root, side, onChange) {
  const key = `playground-speaker-${side}`;
  let people = [];
  let chosen = sessionStorage.getItem(key) ?? '';

  function choose(id) {
    chosen = id;
    sessionStorage.setItem(key, id);
    onChange(people.find((person) => person.id === id)?.name ?? '');
  }

  return {
    chosen: () => chosen,
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(people)) return;
      people = next;
      const known = people.some(({ id }) => id === chosen) ? chosen : (people[0]?.id ?? '');
      const radios = people.map((person) => {
        const radio = element('input', {
          type: 'radio',
          name: `${side}-speaker`,
          value: person.id,
        });
        radio.checked = person.id === known;
        radio.addEventListener('change', () => choose(person.id));
        return element('label', { class: 'speaker' }, radio, person.name);
      });
      root.replaceChildren(part(root, 'legend'), ...radios);
      choose(known);
    },
  };
}
