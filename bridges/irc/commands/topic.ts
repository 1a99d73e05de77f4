import type { CommandCall, NetworkCommand } from '#adapter';
import { chatIdOf, isChannelName } from '../ids.ts';
import { standing } from '../mouths.ts';
import { buildLine, type Line } from '../wire/line.ts';
import { answersTo, whyNot } from './ask.ts';
import { connectionFor, type Desk, firstWord, ownSession } from './desk.ts';
import { notAChannel } from './join.ts';

/** Says what a channel is about, or changes it. */
export const topic = (desk: Desk): NetworkCommand => ({
  name: 'topic',
  usage: '[CHANNEL] [TEXT]',
  summary: 'says the topic of a channel, or changes it to TEXT',
  async run(call, signal) {
    const { features } = desk.observer;
    const [word, rest] = firstWord(call.words);
    const isNamed = isChannelName(word, features);
    const [name, text] = isNamed ? [word, rest] : [call.chat ?? '', call.words];
    if (!isChannelName(name, features)) return notAChannel(isNamed ? name : word);
    return text === '' ? read(desk, call, name, signal) : change(desk, call, [name, text], signal);
  },
});

async function read(desk: Desk, call: CommandCall, name: string, signal: AbortSignal) {
  const connection = await connectionFor(desk, call, name);
  const answers = await answersTo(connection, buildLine('TOPIC', [name]), signal);
  const said = answers.find(({ command }) => command === '332');
  if (said) return `The topic of ${name}: ${said.params[2] ?? ''}`;
  return whyNot(answers, name) ?? `${name} has no topic.`;
}

async function change(
  desk: Desk,
  call: CommandCall,
  [name, text]: readonly [string, string],
  signal: AbortSignal,
) {
  const session = await ownSession(desk, call);
  const connection = standing(session.current);
  const { features } = connection.state;
  if (chatIdOf(name, features) === call.chat) await session.join(call.chat, signal);
  const answers = await answersTo(connection, buildLine('TOPIC', [name, text]), signal);
  const isIt = ({ command, params }: Line) =>
    command === 'TOPIC' && features.fold(params[0] ?? '') === features.fold(name);
  if (answers.some(isIt)) return `The topic of ${name} is changed.`;
  return whyNot(answers, name) ?? `The topic of ${name} is what it was.`;
}
