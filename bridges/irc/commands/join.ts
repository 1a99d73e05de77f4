import type { NetworkCommand } from '#adapter';
import { isChannelName } from '../ids.ts';
import type { Desk } from './desk.ts';

/** Brings somebody into the room of a channel. */
export const join = ({ observer }: Desk): NetworkCommand => ({
  name: 'join',
  usage: 'CHANNEL',
  summary: 'invites you into the room of a channel, and makes it if there is none',
  async run({ words, invite }) {
    const { features } = observer;
    if (!isChannelName(words, features)) return notAChannel(words);
    // A channel has one room, however its name is written.
    const found = await invite(features.fold(words));
    return found ? `You are invited into the room of ${words}.` : notAChannel(words);
  },
});

export const notAChannel = (words: string): string =>
  words === '' ? 'Say which channel.' : `${words} is no name of a channel.`;
