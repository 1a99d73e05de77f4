import type { NetworkCommand } from '#adapter';
import { isNick } from '../ids.ts';
import { standing } from '../mouths.ts';
import { buildLine } from '../wire/line.ts';
import { answersTo, whyNot } from './ask.ts';
import { type Desk, ownSession } from './desk.ts';

/** Takes another nick, for good. */
export const nick = (desk: Desk): NetworkCommand => ({
  name: 'nick',
  usage: '[NICK]',
  summary: 'calls you so on IRC, now and from now on; without a nick, says what you are called',
  async run(call, signal) {
    const { words } = call;
    const session = await ownSession(desk, call);
    const connection = standing(session.current);
    const { features } = connection.state;
    if (words === '') return `You are called ${connection.state.nick}.`;
    if (!isNick(words, features)) return `${words} is no nick that this network takes.`;
    const answers = await answersTo(connection, buildLine('NICK', [words]), signal);
    if (connection.state.nick !== words)
      return whyNot(answers, words) ?? `The network calls you ${connection.state.nick}.`;
    await session.callFromNowOn(words);
    return `You are called ${words} now.`;
  },
});
