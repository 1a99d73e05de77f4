import type { NetworkCommand } from '#adapter';
import { isChannelName } from '../ids.ts';
import { buildLine } from '../wire/line.ts';
import { answersTo, whyNot } from './ask.ts';
import { connectionFor, type Desk } from './desk.ts';
import { notAChannel } from './join.ts';

/** Nobody reads more. */
const MOST_SHOWN = 200;

/** Says who is in a channel. */
export const names = (desk: Desk): NetworkCommand => ({
  name: 'names',
  usage: '[CHANNEL]',
  summary: 'says who is in a channel',
  async run(call, signal) {
    const name = call.words || (call.chat ?? '');
    if (!isChannelName(name, desk.observer.features)) return notAChannel(name);
    const connection = await connectionFor(desk, call, name);
    const answers = await answersTo(connection, buildLine('NAMES', [name]), signal);
    const all = answers
      .filter(({ command }) => command === '353')
      .flatMap(({ params }) => (params[3] ?? '').split(' '))
      .flatMap((word) => (word === '' ? [] : [word.replace(/!.*$/s, '')]));
    if (all.length === 0) return whyNot(answers, name) ?? `Nobody is to be seen in ${name}.`;
    const more = all.length > MOST_SHOWN ? ` and ${all.length - MOST_SHOWN} more` : '';
    return `In ${name} (${all.length}): ${all.slice(0, MOST_SHOWN).join(', ')}${more}`;
  },
});
