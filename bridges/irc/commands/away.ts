import type { NetworkCommand } from '#adapter';
import { type Desk, ownSession } from './desk.ts';

/** Says that somebody is away, until they say otherwise. */
export const away = (desk: Desk): NetworkCommand => ({
  name: 'away',
  usage: '[TEXT]',
  summary: 'says on IRC that you are away, and why; without TEXT, that you are back',
  async run(call) {
    const session = await ownSession(desk, call);
    const words = call.words === '' ? undefined : call.words;
    await session.absence.say(words);
    return words === undefined ? 'You are back.' : `You are away: ${words}`;
  },
});
