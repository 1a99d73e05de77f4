/** Turns of phrase, and what a list of lines looks like. Pure: no page needed. */

export const sideNames = { matrix: 'Matrix', remote: 'Loopback' };

export const REACTIONS = ['👍', '❤️', '😄', '🎉'];

/** The longest pause within one person's run of lines. */
const RUN_MS = 5 * 60_000;

/** Whether a line needs no name and picture, as it goes on from the one before. */
export function follows(line, before) {
  return (
    before !== undefined &&
    before.sender === line.sender &&
    before.as === line.as &&
    line.replyTo === undefined &&
    line.atMs - before.atMs < RUN_MS
  );
}

/** `Alice`, `Alice and Bob`, `Alice, Bob and Carol`. */
export function listOf(names) {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** When a line was said: the day only if it is not today. */
export function timeWords(atMs, nowMs) {
  const [at, now] = [new Date(atMs), new Date(nowMs)];
  const isToday = at.toDateString() === now.toDateString();
  return (isToday ? clock : calendar).format(at);
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const calendar = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Reactions by emoji, in the order of their first: who, and by id. */
export function groupReactions(reactions) {
  const groups = new Map();
  for (const { emoji, by } of reactions) groups.set(emoji, [...(groups.get(emoji) ?? []), by]);
  return [...groups].map(([emoji, by]) => ({ emoji, by }));
}

const fates = {
  delivered: { icon: 'check', text: 'Is on the other side' },
  retrying: { icon: 'clock', text: 'Not there yet, the bridge tries again' },
  failed: { icon: 'warn', text: 'This could not be delivered' },
  unknown: { icon: 'question', text: 'It may have arrived, nobody can say' },
};

/** How to show what became of a line that was said here. */
export function fateOf(line) {
  if (line.bridged || line.removed || line.as === 'notice') return undefined;
  return line.fate === undefined ? waiting : fates[line.fate];
}

const waiting = { icon: 'clock', text: 'Not on the other side yet' };

export function standingWords({ is, pid, ended, kills }) {
  const more = pid === undefined ? (ended ?? '') : `process ${pid}`;
  const killed = kills > 0 && is === 'running' ? `, killed ${times(kills)}` : '';
  return { word: words[is] ?? is, more: `${more}${killed}` };
}

const words = {
  starting: 'Starting…',
  running: 'Running',
  killed: 'Killed',
  died: 'Ended by itself',
  stopped: 'Stopped',
};

const times = (count) => ['once', 'twice'][count - 1] ?? `${count} times`;

/** One sentence for both directions of a demonstration. */
export function verdictSentence(verdicts) {
  const sum = (key) => verdicts.reduce((total, verdict) => total + verdict[key], 0);
  const faults = [
    [sum('lost'), 'lost'],
    [sum('doubled'), 'doubled'],
    [sum('outOfOrder'), 'out of order'],
    [sum('strange'), 'changed'],
  ].filter(([count]) => count > 0);
  if (faults.length > 0) return `${listOf(faults.map(([count, what]) => `${count} ${what}`))}.`;
  return `All ${sum('arrived')} arrived: nothing lost, nothing doubled, all in order.`;
}
